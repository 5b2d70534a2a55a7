"""Parses the package's Config.in inside a small stand-in for a Buildroot tree and prints the resulting values.

usage: kconfig.py CONFIG_IN old|new [SYMBOL=VALUE ...]

`old` knows what Buildroot 2016.08 and 2017.02 know of the symbols we name (no speexdsp, no bcg729, and libgsm in 2017.02 alone), `new` what 2026.08 knows.
Prints one JSON object: {"values": {...}, "prompts": {...}, "comments": [...], "warnings": [...]}.
"""

import json
import os
import sys
import tempfile

import kconfiglib

COMMON = ["aarch64", "x86_64", "INSTALL_LIBSTDCPP", "TOOLCHAIN_HAS_THREADS", "TOOLCHAIN_GCC_AT_LEAST_5", "STATIC_LIBS",
          "LINUX_KERNEL", "PACKAGE_NODEJS", "PACKAGE_SPEEX", "PACKAGE_ALSA_LIB", "PACKAGE_ALSA_LIB_PCM", "PACKAGE_FFMPEG",
          "PACKAGE_OPUS", "PACKAGE_OPENCORE_AMR", "PACKAGE_LIBILBC"]


def main() -> None:
    config_in, age, *settings = sys.argv[1:]
    symbols = COMMON + (["PACKAGE_SPEEXDSP", "PACKAGE_LIBGSM", "PACKAGE_BCG729"] if age == "new" else [])
    with tempfile.TemporaryDirectory() as folder:
        tree = os.path.join(folder, "Config.in")
        with open(tree, "w", encoding="utf8") as out:
            for symbol in symbols:
                out.write(f"config BR2_{symbol}\n\tbool \"{symbol}\"\n\n")
            out.write(f'source "{os.path.abspath(config_in)}"\n')
        os.environ["srctree"] = "/"
        kconf = kconfiglib.Kconfig(tree, warn=True, warn_to_stderr=False)
        for setting in settings:
            name, value = setting.split("=", 1)
            if not kconf.syms[name].set_value(value):
                sys.exit(f"{name} does not take {value}")
        # A select of a symbol the tree does not know is how one file serves old and new trees.
        warnings = [w for w in kconf.warnings
                    if not any(f"undefined symbol BR2_PACKAGE_{name}" in w for name in ("SPEEXDSP", "LIBGSM", "BCG729"))]
        mine = {n: s for n, s in kconf.syms.items()
                if n.startswith("BR2_PACKAGE_") and s.nodes}
        comments = [n.prompt[0] for n in kconf.node_iter() if n.item is kconfiglib.COMMENT and kconfiglib.expr_value(n.dep)]
        prompts = {n.item.name: n.prompt[0] for n in kconf.node_iter()
                   if isinstance(n.item, kconfiglib.Symbol) and n.prompt and n.item.visibility}
        print(json.dumps({"values": {n: s.str_value for n, s in mine.items()}, "prompts": prompts,
                          "comments": comments, "warnings": warnings}))


main()
