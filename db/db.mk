# What the build generates for db/: the schemas as a resource, and the built-in starter generation.
db_generated := $(BUILD)/gen/db/db_resource.c
db_headers :=

# xlsxwriter.h has macros with calls that are banned here: read before the ban, it is spared, and only it is.
xlsxwriter_users := $(addprefix $(BUILD)/,obj/db/xlsx_writer.o lint/db/xlsx_writer.c.tidy lint/db/xlsx_writer.c.analyzed \
                    tests/db/xlsx_test)
$(xlsxwriter_users): private cppflags := $(subst -include charset/banned.h,-include xlsxwriter.h -include charset/banned.h,$(cppflags))

$(BUILD)/gen/db/db_resource.c: db/db.gresource.xml $(wildcard db/*.sql)
	@mkdir -p $(@D)
	$(Q)glib-compile-resources --generate-source --sourcedir=db --c-name=db --internal --target=$@ $<

# The built-in starter: make_image runs the product's importer over db/starter, the result is embedded.
# Only the binary is linked with it; test programs see the symbols as weak and absent.
starter_sheets := $(wildcard db/starter/*.csv)

$(BUILD)/make_image: db/starter/make_image.c $(BUILD)/libdb.a $(BUILD)/libcharset.a
	@mkdir -p $(@D) $(BUILD)/obj
	$(call say,LINK,$@)
	$(Q)$(CC) -std=gnu17 $(cppflags) $(CFLAGS) $(hardening) $(warnings) $(db_cflags) -MMD -MP -MF $(BUILD)/obj/make_image.d \
	    $(ldflags) -o $@ $< $(BUILD)/libdb.a $(BUILD)/libcharset.a $(base_libs)

$(BUILD)/starter.db: $(BUILD)/make_image $(starter_sheets)
	@rm -f $@
	$(call say,MAKE,$@)
	$(Q)$(BUILD)/make_image db/starter $@

$(BUILD)/obj/starter_image.o: db/starter/starter_image.S $(BUILD)/starter.db
	$(Q)$(CC) -c -DSTARTER_DB='"$(BUILD)/starter.db"' -o $@ $<
