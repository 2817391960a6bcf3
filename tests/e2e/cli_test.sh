#!/bin/sh
# The command line from outside: help, version, usage errors and their nearest valid word, --config. Prints TAP.
set -u
number=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# expect NAME STATUS WORD ARGUMENT…: the exit status, and WORD somewhere in what is printed
expect() {
    name=$1 want=$2 word=$3
    shift 3
    number=$((number + 1))
    "$BIANMIN" "$@" >"$work/out" 2>&1 </dev/null
    got=$?
    if [ "$got" -eq "$want" ] && grep -qF -- "$word" "$work/out"; then
        printf 'ok %d - %s\n' $number "$name"
    else
        printf 'not ok %d - %s: status %d\n' $number "$name" $got
        sed 's/^/# /' "$work/out"
    fi
}

expect 'alone: help' 0 '用法：bianmin'
expect 'help' 0 '命令：' help
expect '--help' 0 '命令：' --help
expect 'help of a command' 0 'bianmin status' help status
expect 'version' 0 "bianmin $BIANMIN_VERSION" version
expect '--version before' 0 "bianmin $BIANMIN_VERSION" --version
expect '--version after' 0 "bianmin $BIANMIN_VERSION" ask --version
for command in ask rollback export status convert version help; do
    expect "$command --help" 0 '--data DIR' "$command" --help
    expect "$command: unknown option" 64 '是不是 --verbose' "$command" --verbos
done
expect 'unknown command, near' 64 '是不是 bianmin status' statsu
expect 'unknown command, beginning' 64 '是不是 bianmin version' vers
expect 'unknown command, far' 64 'bianmin ask' 低保
expect 'unknown command, empty' 64 'bianmin help' ''
expect 'unknown option before' 64 '是不是 --data' --dat "$work" status
expect 'unknown option, far' 64 '没有 --qqqqqq 这个选项' status --qqqqqq
expect 'unknown short option' 64 '没有 -z 这个选项' status -z
expect 'option without its value' 64 '--data' status --data
expect 'option after -- is a word' 1 '12345' ask -- --qqqqqq
expect 'broken octets in an option' 64 '这个选项' status "$(printf -- '--\377\376')"

expect 'config: missing' 66 "$work/none" --config "$work/none" version
expect 'config: a folder' 66 "$work" version --config "$work"
printf '[a]\nb=1\n\nnonsense\n' >"$work/conf"
expect 'config: bad line' 78 '第 4 行' --config "$work/conf" sms
printf '# first\nb=1\n' >"$work/conf"
expect 'config: no group' 78 '第 2 行' --config "$work/conf" sms
printf '[a]\nb=\377\n' >"$work/conf"
expect 'config: broken octets' 78 '第 2 行' --config "$work/conf" sms
head -c 70000 /dev/zero | tr '\0' '#' >"$work/conf"
expect 'config: too large' 78 '太大' --config "$work/conf" sms
printf '# all well\n[a]\nb=1\n' >"$work/conf"
expect 'config: good' 0 bianmin --config "$work/conf" version

number=$((number + 1))
"$BIANMIN" help >/dev/full 2>/dev/null
if [ $? -eq 74 ]; then echo "ok $number - a full disk is no success"; else echo "not ok $number - /dev/full"; fi
number=$((number + 1))
if LC_ALL=C "$BIANMIN" help | grep -q 用法; then echo "ok $number - the C locale gets UTF-8"; else
    echo "not ok $number - the C locale"; fi
echo "1..$number"
