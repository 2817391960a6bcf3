# What the build generates for charset/: charset_generated lists C sources below $(BUILD)/gen/charset/,
# charset_headers what must exist before any of its files is compiled.
#   UCONV         ICU's uconv (package icu-devtools)
#   PINYIN_DICT   phrase list with readings (package rime-data-pinyin-simp)
#   UNIHAN        Unicode's readings with tones, packed by bzip2 (packages unicode-data, bzip2)
UCONV       ?= uconv
PINYIN_DICT ?= /usr/share/rime-data/pinyin_simp.dict.yaml
UNIHAN      ?= /usr/share/unicode/Unihan_Readings.txt.bz2

charset_generated := $(BUILD)/gen/charset/pinyin_table.c $(BUILD)/gen/charset/tone_table.c
charset_headers := $(BUILD)/gen/charset/simplify_table.inc

$(BUILD)/gen/charset/simplify_table.inc: charset/tables/make_simplify.sh charset/tables/simplify_exceptions.txt
	@mkdir -p $(@D)
	UCONV='$(UCONV)' sh $< charset/tables/simplify_exceptions.txt > $@.tmp
	@mv $@.tmp $@

# a program of the build, so without the sanitizers and the product's hardening
$(BUILD)/gen/charset/make_pinyin: charset/tables/make_pinyin.c charset/pinyin_table.h charset/pinyin.h
	@mkdir -p $(@D)
	$(CC) -std=gnu17 -O2 -I. $(warnings) $(strict_warnings) $(call pkg_cflags,glib-2.0) -o $@ $< \
	    $(shell $(PKG_CONFIG) --libs glib-2.0) -lm

$(BUILD)/gen/charset/pinyin_table.c: $(BUILD)/gen/charset/make_pinyin charset/tables/pinyin_exceptions.txt
	$< $(PINYIN_DICT) charset/tables/pinyin_exceptions.txt > $@.tmp
	@mv $@.tmp $@

$(BUILD)/gen/charset/make_tones: charset/tables/make_tones.c $(BUILD)/gen/charset/pinyin_table.c \
        charset/tone_table.h charset/pinyin_table.h charset/pinyin.h
	@mkdir -p $(@D)
	$(CC) -std=gnu17 -O2 -I. $(warnings) $(strict_warnings) $(call pkg_cflags,glib-2.0) -o $@ $(filter %.c,$^) \
	    $(shell $(PKG_CONFIG) --libs glib-2.0)

$(BUILD)/gen/charset/tone_table.c: $(BUILD)/gen/charset/make_tones charset/tables/tone_exceptions.txt
	bzip2 -dc $(UNIHAN) | $< charset/tables/tone_exceptions.txt > $@.tmp
	@mv $@.tmp $@
