#!/bin/sh
# Installs 便民查询 on Debian 12: packages, build, program; then asks it a question.
# See usage(). Needs no network when the packages are there; may be run again at any time.
set -eu
cd "$(dirname "$0")"
umask 022

# What the program stands on; the -dev packages bring the libraries with them.
build_packages='gcc make pkg-config libc6-dev libglib2.0-dev libglib2.0-dev-bin libsqlite3-dev libsodium-dev
    libcsv-dev libzip-dev libexpat1-dev libxlsxwriter-dev libserialport-dev libjson-glib-dev icu-devtools rime-data-pinyin-simp unicode-data bzip2
    libgtk-4-dev librsvg2-dev libqrencode-dev librime-dev librime-bin rime-data-stroke libzinnia-dev'
# What the touch screen stands on besides: cage and seatd show it, kbd's chvt finds its console, the rest is letters,
# speech and the model of handwriting. Nothing of it is switched on here.
run_packages='fonts-noto-cjk cage xwayland seatd kbd espeak-ng tegaki-zinnia-simplified-chinese'
# What make check starts, besides.
test_packages='perl python3 sqlite3 systemd xvfb xauth fonts-noto-cjk cage xwayland grim xdotool espeak-ng
    at-spi2-core dbus gir1.2-atspi-2.0 python3-gi python3-pil zbar-tools
    python3-openpyxl python3-xlsxwriter'
# What make lint and make fuzz need, besides (for developers and .ci/run).
lint_packages='clang clang-tidy clang-format libclang-rt-14-dev cppcheck shellcheck'
disk_needed_mb=2500

prefix=/usr/local
mode=install
purge=no
as_root=

die() {
    printf 'install.sh: %s\n' "$1" >&2
    exit "${2:-1}"
}

usage() {
    cat <<'END'
用法：./install.sh [选项]        用 root 登录，或用有 sudo 的用户。可以重复运行。
  （不加选项）      装好软件包，编译，安装，再问它一个问题
  --check           装好测试要用的软件包，运行全部测试
  --deps-only       只装软件包
  --lint-deps       只装开发用的检查工具（make lint、make fuzz）
  --prefix DIR      装到 DIR（不写就是 /usr/local）
  --uninstall       卸载程序，数据留着
  --purge           和 --uninstall 一起用：问过之后连数据一起删
END
}

os_value() {
    sed -n "s/^$1=//p" /etc/os-release | tr -d '"'
}

parse_options() {
    while [ $# -gt 0 ]; do
        case $1 in
        --check) mode=check ;;
        --deps-only) mode=deps ;;
        --lint-deps) mode=lint ;;
        --uninstall) mode=uninstall ;;
        --purge) purge=yes ;;
        --prefix)
            [ $# -ge 2 ] || die '--prefix 后面要写文件夹，例如 --prefix /opt/bianmin。' 64
            prefix=$2
            shift
            ;;
        --prefix=*) prefix=${1#--prefix=} ;;
        --help | -h)
            usage
            exit 0
            ;;
        *) die "没有 $1 这个选项。可用：--check --deps-only --lint-deps --prefix DIR --uninstall --purge" 64 ;;
        esac
        shift
    done
    case $prefix in /*) ;; *) die '--prefix 要写从 / 开始的完整路径。' 64 ;; esac
    [ "$purge" = no ] || [ "$mode" = uninstall ] || die '--purge 只能和 --uninstall 一起用。' 64
}

# Sets as_root to what goes before a command that needs root. Asked for only where it is needed.
need_root() {
    [ "$(id -u)" -ne 0 ] || return 0
    command -v sudo >/dev/null 2>&1 || die "$1要管理员权限：请用 root 登录后再运行，或先装好 sudo。" 77
    sudo -n true 2>/dev/null || [ -t 0 ] || die "$1要管理员权限：请在终端里运行，sudo 会问密码。" 77
    as_root=sudo
}

# ---- packages ----

missing_packages() {
    for package in $1; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || printf '%s ' "$package"
    done
}

check_system() {
    { [ -r /etc/os-release ] && command -v apt-get >/dev/null 2>&1; } ||
        die '这台电脑不是 Debian：本程序要装在 Debian 12（或更新的 Debian 系统）上。' 69
    id="$(os_value ID) $(os_value ID_LIKE)"
    version=$(os_value VERSION_ID)
    version=${version%%.*} # testing has none
    case " $id " in
    ' debian '*)
        [ "${version:-12}" -ge 12 ] ||
            die "这台电脑是 Debian $version：本程序要 Debian 12 或更新。" 69
        ;;
    *' debian '*) printf 'install.sh: 提醒：这是 Debian 的衍生系统，本程序只在 Debian 12 上试过。\n' >&2 ;;
    *) die '这台电脑不是 Debian：本程序要装在 Debian 12（或更新的 Debian 系统）上。' 69 ;;
    esac
}

check_disk() {
    free_mb=$(df -Pm /usr | awk 'NR == 2 { print $4 }')
    [ "$free_mb" -ge "$disk_needed_mb" ] ||
        die "磁盘空间不够：/usr 所在的盘要空出 ${disk_needed_mb} MB，现在只有 ${free_mb} MB。" 73
}

apt() {
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 -o Acquire::Retries=2 "$@"
}

install_packages() {
    missing=$(missing_packages "$1")
    [ -n "$missing" ] || return 0
    check_system
    check_disk
    need_root '安装软件包'
    printf '安装软件包：%s\n' "$missing"
    log=$(mktemp)
    # shellcheck disable=SC2086
    if ! { apt -o APT::Update::Error-Mode=any update && apt install -y --no-install-recommends $missing; } \
        >"$log" 2>&1; then
        tail -n 15 "$log" >&2
        if grep -qiE 'unable to locate|no installation candidate' "$log"; then
            why='软件源里没有要装的软件包，请看 /etc/apt 里的软件源设置'
        elif grep -qiE 'could not get lock|could not open lock' "$log"; then
            why='另一个程序正在装软件，请等它完成再试'
        elif grep -qiE 'could not resolve|failed to fetch|connection|temporary failure|some index files' "$log"; then
            why='连不上网络或软件源，请接好网络再试'
        else
            why='apt 报错如上'
        fi
        rm -f "$log"
        die "软件包没有装上：$why。" 69
    fi
    rm -f "$log"
}

# ---- build, install, remove ----

build() {
    [ ! -e build ] || [ -w build ] || die 'build 文件夹是别的用户建的：请先删掉它，或用同一个用户运行。' 77
    printf '编译……\n'
    make -s -j"$(nproc)" all || die '没有编译成功，原因见上。' 70
}

install_program() {
    if mkdir -p "$prefix/bin" 2>/dev/null && [ -w "$prefix/bin" ]; then
        as_root=
    else
        need_root "安装到 $prefix "
    fi
    if [ "$(id -u)" -eq 0 ] || [ -n "$as_root" ]; then
        $as_root make -s install-files PREFIX="$prefix" || die "写不进 $prefix。" 73
        register_services
        $as_root make -s restart-services || die '程序装上了，但是正在运行的服务没有重新启动：看 journalctl -u bianmin-sms -u bianmin-kiosk。' 70
    else
        make -s install-program PREFIX="$prefix" || die "写不进 $prefix。" 73
    fi
}

# The accounts of the services, their folders, the rules for modems, printers and sticks. The services themselves are
# switched on by whoever has a modem or a touch screen (README).
register_services() {
    command -v systemd-sysusers >/dev/null 2>&1 || return 0
    $as_root systemd-sysusers "$prefix"/lib/sysusers.d/bianmin-*.conf || return 0
    $as_root systemd-tmpfiles --create "$prefix"/lib/tmpfiles.d/bianmin-*.conf || return 0
    # it may hold the SIM's PIN
    $as_root chgrp bm-sms /etc/bianmin/bianmin.conf && $as_root chmod 0640 /etc/bianmin/bianmin.conf
    [ -d /run/systemd/system ] || return 0
    # a container has no udevd
    if $as_root udevadm control --reload 2>/dev/null; then
        $as_root udevadm trigger --subsystem-match=tty --subsystem-match=usb --subsystem-match=usbmisc
    fi
}

show_answer() {
    program=$prefix/bin/bianmin
    printf '\n装好了：%s\n\n$ bianmin ask 残疾人补贴怎么领\n' "$program"
    "$program" ask 残疾人补贴怎么领 || die '程序装上了，但是答不出问题，请运行 bianmin status 看看。' 70
    printf '\n接着可以试：\n'
    printf '  bianmin ask                   一问一答\n'
    printf '  bianmin ask 公租房补助有几户  问数字\n'
    printf '  bianmin status                现在用的是哪一版内容\n'
    printf '  bianmin modem list            找短信猫（接法见 README）\n'
    printf '  sudo systemctl enable --now bianmin-kiosk   打开触摸屏（先看 README）\n'
    printf '  bianmin help                  全部命令\n'
    case ":$PATH:" in *":$prefix/bin:"*) ;; *) printf '（%s 不在 PATH 里：请写全 %s）\n' "$prefix/bin" "$program" ;; esac
}

remove_data() {
    for folder in /var/lib/bianmin "${XDG_DATA_HOME:-$HOME/.local/share}/bianmin"; do
        [ -d "$folder" ] || continue
        [ -t 0 ] || die "$folder 没有删除：要在终端里运行，会先问一声。" 64
        printf '删除 %s 和里面的全部数据？删了就找不回来。要删请输入“删除”：' "$folder"
        read -r answer || answer=
        if [ "$answer" = 删除 ]; then
            if [ ! -w "$(dirname "$folder")" ]; then need_root '删除数据'; fi
            $as_root rm -rf -- "$folder"
            printf '已删除 %s\n' "$folder"
        else
            printf '没有删除 %s\n' "$folder"
        fi
    done
}

uninstall() {
    if [ -e "$prefix/bin/bianmin" ]; then
        if [ ! -w "$prefix/bin" ]; then need_root '卸载'; fi
        for service in bianmin-sms.service bianmin-kiosk.service bianmin-update.socket; do
            if [ -e "$prefix/lib/systemd/system/$service" ] && [ -d /run/systemd/system ]; then
                $as_root systemctl disable --now "$service" 2>/dev/null || true
            fi
        done
        $as_root make -s uninstall PREFIX="$prefix"
        printf '程序已卸载：%s\n' "$prefix/bin/bianmin"
    else
        printf '没有可卸载的：%s 不存在。\n' "$prefix/bin/bianmin"
    fi
    if [ "$purge" = yes ]; then remove_data; else printf '数据留着没动。要一起删：./install.sh --uninstall --purge\n'; fi
}

parse_options "$@"
case $mode in
install)
    install_packages "$build_packages $run_packages"
    build
    install_program
    show_answer
    ;;
check)
    install_packages "$build_packages $test_packages"
    build
    make -j"$(nproc)" check
    ;;
lint) install_packages "$build_packages $test_packages $lint_packages" ;;
deps) install_packages "$build_packages $run_packages $test_packages" ;;
uninstall) uninstall ;;
esac
