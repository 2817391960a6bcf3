# tests/ROOM/X_test.c tests ROOM/X.c; each is a program of its own that prints TAP. tests/e2e/* start the
# built binary. prove runs them all; its closing lines are the result.
test_programs := $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/charset/*_test.c tests/db/*_test.c tests/sms/*_test.c))
test_scripts  := $(wildcard tests/*_test.sh tests/e2e/*_test.sh tests/e2e/*_test.py)
test_env      := BIANMIN=$(abspath $(BUILD)/bianmin) BIANMIN_BUILD=$(abspath $(BUILD)) \
                 BIANMIN_VERSION=$(VERSION) G_TEST_SRCDIR=$(abspath .) SANITIZE=$(SANITIZE) \
                 LSAN_OPTIONS=suppressions=$(abspath tests/lsan.supp):print_suppressions=0

$(BUILD)/tests/%: tests/%.c $(base_archives) $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,TEST,$@)
	$(Q)$(CC) -std=gnu17 $(cppflags) $(CFLAGS) $(hardening) $(warnings) $(tests_cflags) -MMD -MP -MF $@.d \
	    $(ldflags) -o $@ $< $(linked_image) $(base_archives) $(base_libs)
ifneq ($(filter kiosk,$(rooms)),)
kiosk_tests := $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/kiosk/*_test.c))
test_programs += $(kiosk_tests)
$(kiosk_tests): $(BUILD)/tests/%: tests/%.c $(link_archives) $(starter_image) $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,TEST,$@)
	$(Q)$(CC) -std=gnu17 $(cppflags) $(CFLAGS) $(hardening) $(warnings) $(kiosk_cflags) -MMD -MP -MF $@.d \
	    $(ldflags) -o $@ $< $(starter_image) $(link_archives) $(libs)
endif
-include $(patsubst %,%.d,$(test_programs))

# those that answer are about the built-in content
answering_tests := $(BUILD)/tests/sms/dialogue_test $(BUILD)/tests/sms/intake_test
$(answering_tests): $(starter_image)
$(answering_tests): private linked_image = $(starter_image)

# what is preloaded into the product: crash_test.py's faults, kiosk_soak_test.py's look at the heap
test_helpers := $(BUILD)/tests/e2e/fault_shim.so $(BUILD)/tests/e2e/heap_shim.so
$(test_helpers): $(BUILD)/tests/e2e/%.so: tests/e2e/%.c
	@mkdir -p $(@D)
	$(call say,TEST,$@)
	$(Q)$(CC) -std=gnu17 -D_GNU_SOURCE -include charset/banned.h $(CFLAGS) $(warnings) -shared -fPIC -o $@ $<

# the long ones first, so that at the end no processor waits for one of them
check: all $(test_programs) $(test_helpers)
	@$(test_env) prove -j2 --timer -e '' $(test_scripts) $(test_programs)

# ---- fuzz: tests/fuzz/X_fuzz.c, corpus tests/fuzz/corpus/X, dictionary tests/fuzz/X.dict ----
# libFuzzer is clang's: everything is compiled once more in a folder of its own.
FUZZ_SECONDS ?= 30
FUZZ_CC      ?= clang
fuzz_programs := $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/fuzz/*_fuzz.c))

fuzz:
	$(MAKE) SANITIZE=fuzz BUILD=build/fuzz CC=$(FUZZ_CC) WITH_KIOSK=0 CFLAGS='-O1 -g' fuzz-programs
	printf '%s\n' $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*_fuzz.c)) | \
	    xargs -P 2 -I{} sh tests/fuzz/run.sh build/fuzz {} $(FUZZ_SECONDS)

.PHONY: fuzz-programs
fuzz-programs: $(fuzz_programs)
$(fuzz_programs): $(starter_image)
$(BUILD)/tests/fuzz/%: private ldflags += -fsanitize=fuzzer
$(BUILD)/tests/fuzz/%: private linked_image = $(starter_image)

# ---- bench: tests/bench/X_bench.{sh,py}, each prints a table ----
$(BUILD)/tests/bench/growth: $(starter_image)
$(BUILD)/tests/bench/growth: private linked_image = $(starter_image)
bench: all
	@for bench in $(wildcard tests/bench/*_bench.sh tests/bench/*_bench.py); do \
	    printf '\n== %s\n' "$$bench"; $(test_env) "$$bench" || exit 1; done

# The confidence, fitted anew on the labelled questions that are not held out.
.PHONY: fit
fit: $(BUILD)/tests/bench/search_features
	@BIANMIN_DATA=/nonexistent tests/bench/fit_confidence.py $< >$(BUILD)/confidence_weights.h
	@mv $(BUILD)/confidence_weights.h db/confidence_weights.h
$(BUILD)/tests/bench/search_features: $(starter_image)
$(BUILD)/tests/bench/search_features: private linked_image = $(starter_image)

bare-check:
	tests/bare_debian.sh
vm-check:
	tests/vm.sh
