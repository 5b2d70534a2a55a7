# Evaluates dashvoip.mk as Buildroot would, without Buildroot: its helpers reduced to what the recipe calls, and
# one target per question. usage: make -f harness.mk MK=path/dashvoip.mk [BR2_...=y] print-VARIABLE | recipe-NAME
STAGING_DIR = /staging
TARGET_DIR = /target
HOST_DIR = /host
BR_PATH = /host/bin:$$PATH
INSTALL = install
MAKE1 = make
qstrip = $(strip $(subst ",,$(1)))
KCONFIG_ENABLE_OPT = enable $(1)
KCONFIG_SET_OPT = set $(1) $(2)
generic-package = GENERIC_PACKAGE_SEEN = yes
DASHVOIP_PKGDIR = $(patsubst %/,%,$(dir $(MK)))

include $(MK)

define newline


endef
print-%:
	@echo '$($*)'
recipe-%:
	@printf '%s\n' '$(subst $(newline),;,$(subst ','\'',$($*)))'
