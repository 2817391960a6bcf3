# What the build generates for kiosk/: templates and looks as a resource.
kiosk_generated := $(BUILD)/gen/kiosk/kiosk_resource.c

$(BUILD)/gen/kiosk/kiosk_resource.c: kiosk/kiosk.gresource.xml $(wildcard kiosk/ui/*.ui kiosk/ui/*.css kiosk/icons/*.svg)
	@mkdir -p $(@D)
	$(Q)glib-compile-resources --generate-source --sourcedir=kiosk --c-name=kiosk --internal --target=$@ $<
