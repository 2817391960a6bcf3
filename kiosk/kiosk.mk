# What the build generates for kiosk/: templates and looks as a resource.
kiosk_generated := $(BUILD)/gen/kiosk/kiosk_resource.c

$(BUILD)/gen/kiosk/kiosk_resource.c: kiosk/kiosk.gresource.xml $(wildcard kiosk/ui/*.ui kiosk/ui/*.css kiosk/icons/*.svg)
	@mkdir -p $(@D)
	$(Q)glib-compile-resources --generate-source --sourcedir=kiosk --c-name=kiosk --internal --target=$@ $<

# ---- input methods: what librime reads, compiled here and only read there ----
#   RIME_DEPLOYER   package librime-bin
#   STROKE_DICT     package rime-data-stroke; PINYIN_DICT is charset.mk's
RIME_DEPLOYER ?= rime_deployer
STROKE_DICT   ?= /usr/share/rime-data/stroke.dict.yaml

rime_schemas := bianmin bianmin_nine bianmin_nine_long bianmin_stroke
rime_files   := $(patsubst %,%.schema.yaml,$(filter-out %_long,$(rime_schemas))) $(rime_schemas:%=%.prism.bin) \
                bianmin.table.bin bianmin_stroke.table.bin
rime_data    := $(BUILD)/rime/bianmin.table.bin

$(BUILD)/make_dict: kiosk/rime/make_dict.c $(BUILD)/obj/starter_image.o $(BUILD)/libdb.a $(BUILD)/libcharset.a
	@mkdir -p $(@D) $(BUILD)/obj
	$(call say,LINK,$@)
	$(Q)$(CC) -std=gnu17 $(cppflags) $(CFLAGS) $(hardening) $(warnings) $(db_cflags) -MMD -MP -MF $(BUILD)/obj/make_dict.d \
	    $(ldflags) -o $@ $(filter %.c %.o %.a,$^) $(base_libs)

# One stamp for all: the deployer reads its sources from one folder and writes into another. It notes their
# times in what it makes: so they are all alike, and the same sources give the same data. Its log goes to stderr,
# which is shown only when it fails: by default it would be left in /tmp.
$(rime_data): $(BUILD)/make_dict kiosk/rime/words.txt $(rime_schemas:%=kiosk/rime/%.schema.yaml)
	@rm -rf $(@D) $(BUILD)/gen/kiosk/rime
	@mkdir -p $(@D) $(BUILD)/gen/kiosk/rime/out
	$(call say,MAKE,$(@D))
	$(Q)cp $(filter %.yaml,$^) $(PINYIN_DICT) $(BUILD)/gen/kiosk/rime
	$(Q)touch -d @1 $(BUILD)/gen/kiosk/rime/*.yaml
	$(Q)$(BUILD)/make_dict $(BUILD)/gen/kiosk/rime $(PINYIN_DICT) $(STROKE_DICT) kiosk/rime/words.txt
	$(Q)cd $(BUILD)/gen/kiosk/rime && for schema in $(rime_schemas); do \
	    GLOG_logtostderr=1 $(RIME_DEPLOYER) --compile $$schema.schema.yaml . . out >log 2>&1 || { cat log; exit 1; }; done
	$(Q)cd $(BUILD)/gen/kiosk/rime/out && cp $(filter-out $(@F),$(rime_files)) $(abspath $(@D)) && cp $(@F) $(abspath $@)

$(BUILD)/bianmin: | $(rime_data)

# Without GTK, so that the memory it prints is that of the input methods.
$(BUILD)/tests/bench/input: tests/bench/input.c $(BUILD)/libkiosk.a $(BUILD)/libdb.a $(BUILD)/libcharset.a | $(rime_data)
	@mkdir -p $(@D)
	$(call say,TEST,$@)
	$(Q)$(CC) -std=gnu17 $(cppflags) $(CFLAGS) $(hardening) $(warnings) $(tests_cflags) -MMD -MP -MF $@.d \
	    $(ldflags) -o $@ $(filter %.c %.a,$^) $(base_libs) $(shell $(PKG_CONFIG) --libs gmodule-2.0)
