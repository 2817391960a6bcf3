# bianmin: everything is built below $(BUILD), nothing in the tree. See README.md for the two commands.
#   make [all] | check | lint | format | fuzz | bench | fit | bare-check | vm-check | install | uninstall | clean
#   WITH_KIOSK=0   an SMS-only binary without GTK
#   SANITIZE=1     ASan + UBSan, in a build folder of its own
#   CC=clang, BUILD=…, DESTDIR=…, PREFIX=…, WERROR=1
#   V=1            shows each command
# An object is rebuilt when its source, a header or the flags have changed ($(BUILD)/flags).

VERSION := 0.1.0

WITH_KIOSK ?= 1
SANITIZE   ?= 0
WERROR     ?= 0
PREFIX     ?= /usr/local
UDEV_RULES ?= $(PREFIX)/lib/udev/rules.d
DESTDIR    ?=
CFLAGS     ?= -O2 -g
PKG_CONFIG ?= pkg-config
ifeq ($(SANITIZE),1)
BUILD ?= build/sanitize
else ifeq ($(SANITIZE),fuzz)
BUILD ?= build/fuzz
else
BUILD ?= build
endif

# ---- what each room stands on ----
charset_packages := glib-2.0 gio-2.0
db_packages      := $(charset_packages) sqlite3 libsodium json-glib-1.0 libzip expat xlsxwriter
sms_packages     := $(db_packages) libserialport
kiosk_packages   := $(db_packages) gtk4 gmodule-2.0 libqrencode librsvg-2.0
db_libs          := -lcsv
rooms            := charset db sms
ifeq ($(WITH_KIOSK),1)
rooms += kiosk
endif

# ---- flags ----
warnings := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wswitch-enum -Wvla \
            -Wformat=2 -Wundef -Wwrite-strings
strict_warnings := -Wconversion -Wno-sign-conversion
ifeq ($(WERROR),1)
warnings += -Werror
endif
cppflags := -I. -I$(BUILD)/gen -D_GNU_SOURCE -DBIANMIN_VERSION='"$(VERSION)"' -DWITH_KIOSK=$(WITH_KIOSK) \
            -DG_LOG_USE_STRUCTURED -DG_LOG_DOMAIN='"bianmin"' -include charset/banned.h
comma     := ,
hardening := -fstack-protector-strong -fPIE
ldflags   := -pie
ifeq ($(SANITIZE),0)
cppflags  += -D_FORTIFY_SOURCE=2
ldflags   += -Wl,-z,relro,-z,now
else
# fuzz: the same for libFuzzer (clang alone), which wants its coverage counters in every object
sanitizers := $(if $(filter fuzz,$(SANITIZE)),fuzzer-no-link$(comma))address,undefined
hardening  += -fsanitize=$(sanitizers) -fno-sanitize-recover=undefined -fno-omit-frame-pointer
ldflags    += -fsanitize=$(sanitizers)
endif

pkg_cflags = $(shell $(PKG_CONFIG) --cflags $(1))
charset_cflags := $(call pkg_cflags,$(charset_packages)) $(strict_warnings)
db_cflags      := $(call pkg_cflags,$(db_packages)) $(strict_warnings)
sms_cflags     := $(call pkg_cflags,$(sms_packages)) $(strict_warnings)
ifeq ($(WITH_KIOSK),1)
kiosk_cflags   := $(call pkg_cflags,$(kiosk_packages)) -DGDK_VERSION_MAX_ALLOWED=GDK_VERSION_4_8
endif
main_cflags    := $(db_cflags)
tests_cflags   := $(db_cflags)
base_libs := $(shell $(PKG_CONFIG) --libs $(sms_packages)) $(db_libs) -lm
libs      := $(if $(filter kiosk,$(rooms)),$(shell $(PKG_CONFIG) --libs $(kiosk_packages))) $(base_libs)

# what is done, a line each; the commands themselves with V=1
Q   := $(if $(V),,@)
say  = $(if $(V),,@printf '  %-5s %s\n' '$(1)' '$(2)')

compile = $(CC) -std=gnu17 $(cppflags) $(CFLAGS) $(hardening) $(warnings) -MMD -MP -c -o $@ $<

.PHONY: all check lint format fuzz bench bare-check vm-check install uninstall clean FORCE
all: $(BUILD)/bianmin

# Touched only when what it says changes.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(CC) $(cppflags) $(CFLAGS) $(hardening) $(warnings) $(ldflags) $(libs))' >$@.new
	@if cmp -s $@.new $@; then rm -f $@.new; else mv -f $@.new $@; fi

# ---- objects, room by room; generated sources are listed by the room's own fragment ----
include charset/charset.mk db/db.mk db/usb.mk sms/sms.mk kiosk/session.mk
ifneq ($(filter kiosk,$(rooms)),)
-include kiosk/kiosk.mk
endif

# an image is only linked where db.mk makes one
starter_image := $(if $(shell grep -l starter_image.o db/db.mk),$(BUILD)/obj/starter_image.o)

room_sources = $(wildcard $(1)/*.c) $($(1)_generated)
room_objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(patsubst $(BUILD)/gen/%,gen/%,$(call room_sources,$(1))))
archives_of   = $(foreach r,$(1),$(if $(filter $(r),$(rooms)),$(BUILD)/lib$(r).a))
# top first: an archive may call those after it
link_archives := $(call archives_of,kiosk sms db charset)
base_archives := $(call archives_of,sms db charset)

define room_rules
$(BUILD)/lib$(1).a: $(call room_objects,$(1))
	@mkdir -p $$(@D)
	@rm -f $$@
	$$(Q)$(AR) rcsD $$@ $$^
$(BUILD)/obj/$(1)/%.o: $(1)/%.c $(BUILD)/flags | $($(1)_headers)
	@mkdir -p $$(@D)
	$$(call say,CC,$$<)
	$$(Q)$$(compile) $($(1)_cflags)
$(BUILD)/obj/gen/$(1)/%.o: $(BUILD)/gen/$(1)/%.c $(BUILD)/flags
	@mkdir -p $$(@D)
	$$(call say,CC,$$<)
	$$(Q)$$(compile) $($(1)_cflags)
endef
$(foreach r,$(rooms),$(eval $(call room_rules,$(r))))

$(BUILD)/obj/main.o: main.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(compile) $(main_cflags)

$(BUILD)/bianmin: $(BUILD)/obj/main.o $(starter_image) $(link_archives) $(BUILD)/flags
	$(call say,LINK,$@)
	$(Q)$(CC) $(ldflags) $(CFLAGS) -o $@ $(filter-out $(BUILD)/flags,$^) $(libs)

include tests/tests.mk tests/lint.mk

install: install-files
	$(Q)$(MAKE) restart-services

.PHONY: install-files install-program install-service restart-services
install-files: install-program install-service install-usb $(if $(filter kiosk,$(rooms)),install-session)

# A service that runs goes on with the old program until it is started anew; one that does not run stays as it is.
# Nothing without systemd, without the right to, or when the files are for another system.
SYSTEMD_RUNNING ?= /run/systemd/system
restart-services:
	$(Q)[ -z "$(DESTDIR)" ] && [ -d $(SYSTEMD_RUNNING) ] && [ "$$(id -u)" -eq 0 ] || exit 0; \
	systemctl daemon-reload || exit 1; \
	for service in bianmin-sms.service bianmin-kiosk.service; do \
	    ! systemctl -q is-active $$service || systemctl try-restart $$service || exit 1; done

install-program: all
	install -D -m 0755 $(BUILD)/bianmin $(DESTDIR)$(PREFIX)/bin/bianmin
	$(if $(rime_files),install -D -m 0644 -t $(DESTDIR)$(PREFIX)/share/bianmin/rime $(rime_files:%=$(BUILD)/rime/%))

# What the system starts and its settings, which stay what they are if there are some.
install-service:
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	sed 's|@PREFIX@|$(PREFIX)|' sms/bianmin-sms.service >$(DESTDIR)$(PREFIX)/lib/systemd/system/bianmin-sms.service
	install -D -m 0644 sms/bianmin-sms.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/bianmin-sms.conf
	install -D -m 0644 sms/bianmin-sms.tmpfiles $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/bianmin-sms.conf
	install -D -m 0644 sms/78-bianmin.rules $(DESTDIR)$(UDEV_RULES)/78-bianmin.rules
	[ -e $(DESTDIR)/etc/bianmin/bianmin.conf ] || \
	    install -D -m 0640 sms/bianmin.conf $(DESTDIR)/etc/bianmin/bianmin.conf

uninstall: uninstall-session uninstall-usb
	rm -f $(DESTDIR)$(PREFIX)/bin/bianmin $(DESTDIR)$(PREFIX)/lib/systemd/system/bianmin-sms.service \
	    $(DESTDIR)$(PREFIX)/lib/sysusers.d/bianmin-sms.conf $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/bianmin-sms.conf \
	    $(DESTDIR)$(UDEV_RULES)/78-bianmin.rules
	rm -rf $(DESTDIR)$(PREFIX)/share/bianmin/rime

clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
