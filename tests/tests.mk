# tests/ROOM/X_test.c tests ROOM/X.c; each is a program of its own that prints TAP. tests/e2e/* start the
# built binary. prove runs them all.
test_programs := $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/charset/*_test.c tests/db/*_test.c))
test_scripts  := $(wildcard tests/*_test.sh tests/e2e/*_test.sh tests/e2e/*_test.py)

$(BUILD)/tests/%: tests/%.c $(link_archives)
	@mkdir -p $(@D)
	$(CC) -std=gnu17 $(cppflags) $(CFLAGS) $(hardening) $(warnings) $(tests_cflags) -MMD -MP -MF $@.d \
	    $(ldflags) -o $@ $< $(link_archives) $(libs)
-include $(patsubst %,%.d,$(test_programs))

check: all $(test_programs)
	BIANMIN=$(abspath $(BUILD)/bianmin) BIANMIN_BUILD=$(abspath $(BUILD)) G_TEST_SRCDIR=$(abspath .) \
	    prove --timer -e '' $(test_programs) $(test_scripts)
