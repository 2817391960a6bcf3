# What the system needs to copy sticks: units, the parser's account, folders, rules. The rule that locks the USB
# ports is only laid ready: it must know the machine's own devices first (README).
usb_units := bianmin-usb@.service bianmin-usb-report@.service bianmin-update@.service bianmin-update.socket
usb_share := $(PREFIX)/share/bianmin/usb

.PHONY: install-usb uninstall-usb
install-usb:
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	for unit in $(usb_units); do \
	    sed 's|@PREFIX@|$(PREFIX)|' db/$$unit >$(DESTDIR)$(PREFIX)/lib/systemd/system/$$unit || exit 1; done
	install -D -m 0644 db/bianmin.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/bianmin-data.conf
	install -D -m 0644 db/bianmin.tmpfiles $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/bianmin-data.conf
	install -D -m 0644 db/77-bianmin-usb.rules $(DESTDIR)$(UDEV_RULES)/77-bianmin-usb.rules
	install -D -m 0644 db/76-bianmin-usb-lock.rules $(DESTDIR)$(usb_share)/76-bianmin-usb-lock.rules

uninstall-usb:
	rm -f $(usb_units:%=$(DESTDIR)$(PREFIX)/lib/systemd/system/%) \
	    $(DESTDIR)$(PREFIX)/lib/sysusers.d/bianmin-data.conf $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/bianmin-data.conf \
	    $(DESTDIR)$(UDEV_RULES)/77-bianmin-usb.rules
	rm -rf $(DESTDIR)$(usb_share)
