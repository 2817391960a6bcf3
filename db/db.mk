# What the build generates for db/: the schemas as a resource, and the built-in starter generation.
db_generated := $(BUILD)/gen/db/db_resource.c
db_headers :=

$(BUILD)/gen/db/db_resource.c: db/db.gresource.xml $(wildcard db/*.sql)
	@mkdir -p $(@D)
	glib-compile-resources --generate-source --sourcedir=db --c-name=db --internal --target=$@ $<
