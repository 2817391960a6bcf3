# make lint: what the checkers say. A stamp a file, so that only what changed is looked at again, two at a
# time. A finding is fixed, or silenced at the line with a reason.
lint_rooms   := $(rooms)
lint_sources := main.c $(foreach r,$(lint_rooms),$(wildcard $(r)/*.c))
lint_tests   := $(wildcard tests/*/*.c)
formatted    := $(lint_sources) $(lint_tests) $(foreach r,$(lint_rooms),$(wildcard $(r)/*.h)) $(wildcard tests/*/*.h)
lint_scripts := install.sh .ci/run $(wildcard tests/*.sh tests/*/*.sh)
lint_flags    = -std=gnu17 $(cppflags) $($(1)_cflags)
room_of       = $(firstword $(subst /, ,$(1)))
lint_stamps  := $(lint_sources:%=$(BUILD)/lint/%.tidy) \
                $(filter-out $(BUILD)/lint/kiosk/%,$(lint_sources:%=$(BUILD)/lint/%.analyzed))

lint:
	$(MAKE) $(if $(findstring jobserver,$(MAKEFLAGS)),,-j2) $(lint_stamps)
	clang-format --dry-run -Werror $(formatted)
	cppcheck -q -j2 --std=c11 --enable=warning,portability --error-exitcode=1 --inline-suppr --library=gtk -D'G_DEFINE_QUARK(name, prefix)=' \
	    -I. $(lint_sources)
	shellcheck $(lint_scripts)
	prove -e '' tests/layers_test.sh

# twice: its first pass leaves some comments and macros that the second moves again
format:
	clang-format -i $(formatted)
	clang-format -i $(formatted)

# the defaults take ten minutes and more over the dynamic programming of charset/pinyin.c
analyzer_limits := --param analyzer-bb-explosion-factor=2 --param analyzer-max-enodes-per-program-point=4

lint_cflags = $(call lint_flags,$(if $(filter main.c,$<),main,$(call room_of,$<)))

$(BUILD)/lint/%.tidy: % .clang-tidy $(BUILD)/flags | $(charset_headers) $(db_headers)
	@mkdir -p $(@D)
	$(call say,TIDY,$<)
	$(Q)clang-tidy --quiet --warnings-as-errors='*' $< -- $(lint_cflags) 2>$@.err || { cat $@.err; exit 1; }
	@touch $@
$(BUILD)/lint/%.analyzed: % $(BUILD)/flags | $(charset_headers) $(db_headers)
	@mkdir -p $(@D)
	$(call say,ANLZ,$<)
	$(Q)$(CC) $(lint_cflags) -O1 -fanalyzer $(analyzer_limits) -Werror -S -o /dev/null -MMD -MP -MF $@.d -MT '$@ $(BUILD)/lint/$<.tidy' $<
	@touch $@
-include $(wildcard $(BUILD)/lint/*.d $(BUILD)/lint/*/*.d)
