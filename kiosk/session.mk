# What the kiosk's session is made of besides the program: unit, account, rules, and a folder that GTK takes for
# the user's data and configuration.
session_dir  := $(PREFIX)/share/bianmin/session
session_unit := $(PREFIX)/lib/systemd/system/bianmin-kiosk.service

# A cursor of one transparent pixel, in the format of Xcursor(3), little-endian words: "Xcur", header size 16,
# version 1.0, 1 entry; entry: image, nominal size 24, at 28; image: header size 36, image, 24, version 1,
# 1x1, hot spot 0,0, delay 0; the pixel. Without a theme cage draws an arrow as soon as any device says it is a
# pointer.
$(BUILD)/gen/kiosk/transparent.xcursor:
	@mkdir -p $(@D)
	$(Q)printf 'Xcur\020\000\000\000\000\000\001\000\001\000\000\000' >$@.new
	$(Q)printf '\002\000\375\377\030\000\000\000\034\000\000\000' >>$@.new
	$(Q)printf '\044\000\000\000\002\000\375\377\030\000\000\000\001\000\000\000' >>$@.new
	$(Q)printf '\001\000\000\000\001\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000' >>$@.new
	$(Q)printf '\000\000\000\000' >>$@.new
	@mv $@.new $@

# cage asks for left_ptr, GTK for the others
session_cursors := left_ptr default pointer text

.PHONY: install-session uninstall-session
install-session: $(BUILD)/gen/kiosk/transparent.xcursor
	install -d $(DESTDIR)$(dir $(session_unit))
	sed 's|@PREFIX@|$(PREFIX)|' kiosk/bianmin-kiosk.service >$(DESTDIR)$(session_unit)
	install -D -m 0644 kiosk/bianmin-kiosk.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/bianmin-kiosk.conf
	install -D -m 0644 kiosk/bianmin-kiosk.tmpfiles $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/bianmin-kiosk.conf
	install -D -m 0644 kiosk/79-bianmin-kiosk.rules $(DESTDIR)$(UDEV_RULES)/79-bianmin-kiosk.rules
	install -D -m 0644 kiosk/bianmin-kiosk.keyfile $(DESTDIR)$(session_dir)/glib-2.0/settings/keyfile
	for name in $(session_cursors); do \
	    install -D -m 0644 $< $(DESTDIR)$(session_dir)/icons/default/cursors/$$name; done
	[ ! -e kiosk/kiosk.conf ] || [ -e $(DESTDIR)/etc/bianmin/kiosk.conf ] || \
	    install -D -m 0644 kiosk/kiosk.conf $(DESTDIR)/etc/bianmin/kiosk.conf

uninstall-session:
	rm -f $(DESTDIR)$(session_unit) $(DESTDIR)$(PREFIX)/lib/sysusers.d/bianmin-kiosk.conf \
	    $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/bianmin-kiosk.conf $(DESTDIR)$(UDEV_RULES)/79-bianmin-kiosk.rules
	rm -rf $(DESTDIR)$(session_dir)
	rmdir $(DESTDIR)$(dir $(session_dir)) 2>/dev/null || true
