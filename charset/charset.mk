# What the build generates for charset/: charset_generated lists C sources below $(BUILD)/gen/charset/,
# charset_headers what must exist before any of its files is compiled.
charset_generated :=
charset_headers :=
