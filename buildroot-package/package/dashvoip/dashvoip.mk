################################################################################
#
# dashvoip
#
################################################################################

DASHVOIP_VERSION = 0.1.0
# The source is made by scripts/package: native/, dist/, vendor/. When it does not
# lie beside this file, name it in local.mk or the environment, as
# DASHVOIP_SRC=$(TOPDIR)/../pkg/dashvoip
DASHVOIP_SRC ?= $(DASHVOIP_PKGDIR)/src
DASHVOIP_SITE = $(DASHVOIP_SRC)
DASHVOIP_SITE_METHOD = local
DASHVOIP_LICENSE = MIT, ISC
DASHVOIP_LICENSE_FILES = LICENSE THIRD-PARTY.txt
# Old trees have no speexdsp: their speex holds the same library.
DASHVOIP_DEPENDENCIES = host-pkgconf $(if $(BR2_PACKAGE_SPEEXDSP),speexdsp,speex)

DASHVOIP_LIBDIR = /usr/lib/dashvoip

# Buildroot before 2016.11 has no BR2_CMAKE and would build host-cmake; any
# cmake >= 3.5 of the build machine will do.
DASHVOIP_CMAKE = $(or $(BR2_CMAKE),cmake)
ifneq ($(BR2_CMAKE_HOST_DEPENDENCY),)
DASHVOIP_DEPENDENCIES += $(BR2_CMAKE_HOST_DEPENDENCY)
endif

DASHVOIP_CMAKE_OPTS = \
	-DCMAKE_BUILD_TYPE=Release \
	-DDASHVOIP_WERROR=OFF \
	-DNODE_API_HEADERS=$(@D)/vendor/node-api-headers/include \
	-DNODE_ADDON_API=$(@D)/vendor/node-addon-api

ifeq ($(BR2_PACKAGE_DASHVOIP_CAMERA_SDK),y)
DASHVOIP_NETFIFO_DIR = $(call qstrip,$(BR2_PACKAGE_DASHVOIP_NETFIFO_DIR))
DASHVOIP_DEPENDENCIES += $(call qstrip,$(BR2_PACKAGE_DASHVOIP_NETFIFO_PACKAGE))
DASHVOIP_CMAKE_OPTS += -DDASHVOIP_NETFIFO_SDK=$(or $(DASHVOIP_NETFIFO_DIR),$(STAGING_DIR)/usr)
else ifeq ($(BR2_PACKAGE_DASHVOIP_CAMERA_STANDIN),y)
DASHVOIP_CMAKE_OPTS += -DDASHVOIP_CAMERA=stand-in
else
DASHVOIP_CMAKE_OPTS += -DDASHVOIP_CAMERA=none
endif

ifeq ($(BR2_PACKAGE_DASHVOIP_ALSA),y)
DASHVOIP_DEPENDENCIES += alsa-lib
DASHVOIP_CMAKE_OPTS += -DDASHVOIP_ALSA=ON
else
DASHVOIP_CMAKE_OPTS += -DDASHVOIP_ALSA=OFF
endif

ifneq ($(BR2_PACKAGE_DASHVOIP_AAC)$(BR2_PACKAGE_DASHVOIP_STILL)$(BR2_PACKAGE_DASHVOIP_RTSP),)
DASHVOIP_DEPENDENCIES += ffmpeg
endif

ifeq ($(BR2_PACKAGE_DASHVOIP_AAC),y)
DASHVOIP_CMAKE_OPTS += -DDASHVOIP_AAC=ON
else
DASHVOIP_CMAKE_OPTS += -DDASHVOIP_AAC=OFF
endif

ifeq ($(BR2_PACKAGE_DASHVOIP_STILL),y)
DASHVOIP_CMAKE_OPTS += -DDASHVOIP_STILL=ON
else
DASHVOIP_CMAKE_OPTS += -DDASHVOIP_STILL=OFF
endif

ifeq ($(BR2_PACKAGE_DASHVOIP_RTSP),y)
DASHVOIP_CMAKE_OPTS += -DDASHVOIP_RTSP=ON
else
DASHVOIP_CMAKE_OPTS += -DDASHVOIP_RTSP=OFF
endif

ifeq ($(BR2_PACKAGE_DASHVOIP_SCTP),y)
DASHVOIP_CMAKE_OPTS += -DDASHVOIP_SCTP=ON
else
DASHVOIP_CMAKE_OPTS += -DDASHVOIP_SCTP=OFF
endif

# Codecs, each by its library.
DASHVOIP_CODECS = OPUS:opus SPEEX:speex GSM:libgsm AMR:opencore-amr \
	G723:ffmpeg ILBC:libilbc G729:bcg729
define DASHVOIP_CODEC
ifeq ($$(BR2_PACKAGE_DASHVOIP_$(1)),y)
DASHVOIP_DEPENDENCIES += $(2)
DASHVOIP_CMAKE_OPTS += -DDASHVOIP_$(1)=ON
else
DASHVOIP_CMAKE_OPTS += -DDASHVOIP_$(1)=OFF
endif
endef
$(foreach codec,$(DASHVOIP_CODECS),$(eval \
	$(call DASHVOIP_CODEC,$(word 1,$(subst :, ,$(codec))),$(word 2,$(subst :, ,$(codec))))))

# The agent, what it seldom needs, the probe, and what is loaded only where it is configured.
DASHVOIP_BUNDLES = dashvoip.cjs dashvoip-more.cjs dashvoip-probe.cjs dashvoip-terminal.cjs dashvoip-tls.cjs dashvoip-zrtp.cjs
ifeq ($(BR2_PACKAGE_DASHVOIP_MQTT),y)
DASHVOIP_BUNDLES += dashvoip-mqtt.cjs
endif
ifeq ($(BR2_PACKAGE_DASHVOIP_ICE),y)
DASHVOIP_BUNDLES += dashvoip-ice.cjs
endif
ifeq ($(BR2_PACKAGE_DASHVOIP_WEB),y)
DASHVOIP_BUNDLES += dashvoip-web.cjs
endif

ifeq ($(BR2_PACKAGE_DASHVOIP_NODE_SYSTEM),y)
DASHVOIP_DEPENDENCIES += nodejs
DASHVOIP_NODE = /usr/bin/node
else
DASHVOIP_NODE = /opt/dashvoip/runtime/node
endif

# toolchainfile.cmake moved from a folder usr of HOST_DIR to HOST_DIR itself in
# 2017.08; looked up when the recipe runs.
DASHVOIP_TOOLCHAINFILE = $(firstword $(wildcard \
	$(HOST_DIR)/share/buildroot/toolchainfile.cmake \
	$(HOST_DIR)/*/share/buildroot/toolchainfile.cmake))

define DASHVOIP_CONFIGURE_CMDS
	mkdir -p $(@D)/build
	cd $(@D)/build && rm -f CMakeCache.txt && \
		PATH=$(BR_PATH) $(TARGET_MAKE_ENV) $(DASHVOIP_CMAKE) $(@D)/native \
		-DCMAKE_TOOLCHAIN_FILE=$(DASHVOIP_TOOLCHAINFILE) \
		$(DASHVOIP_CMAKE_OPTS)
endef

define DASHVOIP_BUILD_CMDS
	$(TARGET_MAKE_ENV) $(MAKE) -C $(@D)/build
endef

define DASHVOIP_INSTALL_TARGET_CMDS
	mkdir -p $(TARGET_DIR)$(DASHVOIP_LIBDIR) $(TARGET_DIR)/etc/default $(TARGET_DIR)/usr/bin
	cd $(@D)/build/lib && for f in *.node *.so; do \
		[ ! -e $$f ] || $(INSTALL) -m 0755 $$f $(TARGET_DIR)$(DASHVOIP_LIBDIR)/$$f || exit 1; \
	done
	$(INSTALL) -m 0644 $(addprefix $(@D)/dist/,$(DASHVOIP_BUNDLES)) $(TARGET_DIR)$(DASHVOIP_LIBDIR)/
	sed -e 's|@NODE@|$(DASHVOIP_NODE)|' $(DASHVOIP_PKGDIR)/dashvoip.default \
		> $(TARGET_DIR)/etc/default/dashvoip
	$(INSTALL) -m 0755 $(DASHVOIP_PKGDIR)/dashvoip.sh $(TARGET_DIR)/usr/bin/dashvoip
	[ -e $(TARGET_DIR)/etc/dashvoip.json ] || \
		$(INSTALL) -m 0640 $(DASHVOIP_PKGDIR)/dashvoip.json $(TARGET_DIR)/etc/dashvoip.json
endef

ifeq ($(BR2_PACKAGE_DASHVOIP_WEB),y)
define DASHVOIP_INSTALL_PAGE
	mkdir -p $(TARGET_DIR)$(DASHVOIP_LIBDIR)/page
	$(INSTALL) -m 0644 $(@D)/dist/page/* $(TARGET_DIR)$(DASHVOIP_LIBDIR)/page/
endef
DASHVOIP_POST_INSTALL_TARGET_HOOKS += DASHVOIP_INSTALL_PAGE
endif

ifeq ($(BR2_PACKAGE_DASHVOIP_CAMERA_STANDIN),y)
define DASHVOIP_INSTALL_STANDIN
	$(INSTALL) -m 0755 $(@D)/build/bin/h22-rtos-sim $(TARGET_DIR)/usr/bin/h22-rtos-sim
endef
DASHVOIP_POST_INSTALL_TARGET_HOOKS += DASHVOIP_INSTALL_STANDIN
endif

ifeq ($(BR2_PACKAGE_DASHVOIP_NODE_PREBUILT),y)
DASHVOIP_RUNTIME = $(or $(call qstrip,$(BR2_PACKAGE_DASHVOIP_NODE_DIR)),$(@D)/runtime)
define DASHVOIP_INSTALL_RUNTIME
	[ -x $(DASHVOIP_RUNTIME)/node ] || { \
		echo "dashvoip: no node in $(DASHVOIP_RUNTIME); make one with scripts/runtime" >&2; exit 1; }
	mkdir -p $(TARGET_DIR)/opt/dashvoip/runtime
	cp -a $(DASHVOIP_RUNTIME)/. $(TARGET_DIR)/opt/dashvoip/runtime/
endef
DASHVOIP_POST_INSTALL_TARGET_HOOKS += DASHVOIP_INSTALL_RUNTIME
# Its loader and libraries are another C library than the image's.
DASHVOIP_BIN_ARCH_EXCLUDE = /opt/dashvoip/runtime
endif

ifeq ($(BR2_PACKAGE_DASHVOIP_AUTOSTART),y)
define DASHVOIP_INSTALL_INIT_SYSV
	$(INSTALL) -D -m 0755 $(DASHVOIP_PKGDIR)/S95dashvoip $(TARGET_DIR)/etc/init.d/S95dashvoip
endef
endif

define DASHVOIP_USERS
	dashvoip -1 dashvoip -1 * - - audio dashvoip agent
endef

define DASHVOIP_PERMISSIONS
	/etc/dashvoip.json f 0640 root dashvoip - - - - -
endef

# Unused, and harmless, before Buildroot 2020.05.
ifeq ($(BR2_PACKAGE_DASHVOIP_KERNEL_SOUND),y)
define DASHVOIP_LINUX_CONFIG_FIXUPS
	$(call KCONFIG_ENABLE_OPT,CONFIG_SOUND)
	$(call KCONFIG_ENABLE_OPT,CONFIG_SND)
	$(call KCONFIG_ENABLE_OPT,CONFIG_SND_DRIVERS)
	$(call KCONFIG_SET_OPT,CONFIG_SND_ALOOP,m)
	$(call KCONFIG_SET_OPT,CONFIG_SND_DUMMY,m)
endef
endif

$(eval $(generic-package))
