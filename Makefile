# nockutils -- one makefile, not recursive.
#
#     lib/NAME/*.c      an archive, linked into every program
#     cmd/NAME/*.c      the program bin/NAME; cmd/NAME/names, if it is there,
#                       lists its names instead, and all but the first are links
#     tests/unit/*.c    a test program each        tests/*.bats   tests of tools
#     tests/fuzz/*.c    a fuzzer each, seeds in tests/fuzz/corpus/NAME/
#     bench/*.c         a benchmark program each
#     kernel/mini.nock  bin/mini.pill, a kernel to boot and to test with
#
# A new file in any of these places edits no list.  `make help` has the targets.

# A variant of the build has a tree of its own, $(O)/VARIANT.
VARIANT = release
O = build
T = $(O)/$(VARIANT)
BIN = $(if $(filter build/release,$(T)),bin,$(T)/bin)

PREFIX = /usr/local
DESTDIR =
CFLAGS = -O2 -g
FUZZ_CC = clang
FUZZ_S = $(if $(filter test,$(MAKECMDGOALS)),5,60)
PILL =
WERROR = $(if $(CI),1)
NOCKUTILS_DATA ?= ../shared

# What `make test` runs: everything where CI is set, else the one variant.
LANES = $(if $(CI),check release starve asan fuzz,$(VARIANT))

# From the one that uses to the one that is used.
LIBS = $(foreach l,pier jets nock noun sys,$(if $(wildcard lib/$l/*.c),$l))
EXTERNAL = -lgmp -lxxhash -lcrypto -lsodium -lsecp256k1 -lz -lzstd -lsqlite3 -llmdb -luv -lseccomp -lcurl \
	-lpthread -lm

# -------- flags: ours stay when CFLAGS is set on the command line --------

SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
VARIANT_release =
VARIANT_starve = -DHEAP_STARVE
VARIANT_asan = $(SANITIZE)
VARIANT_fuzz = $(SANITIZE) -fsanitize=fuzzer-no-link
ifeq ($(VARIANT),fuzz)
override CC = $(FUZZ_CC)
endif

OUR_CFLAGS = -std=gnu17 -Wall -Wextra -Wshadow -Wvla -Wundef -Wwrite-strings \
	-Wpointer-arith -Wstrict-prototypes -Wmissing-prototypes \
	-Wold-style-definition $(if $(WERROR),-Werror) \
	$(if $(NATIVE),-march=native) $(VARIANT_$(VARIANT)) \
	$(patsubst %,-I%,$(wildcard lib/*))
OUR_LDFLAGS = $(VARIANT_$(VARIANT)) -Wl,--as-needed

# -------- what there is --------

objects = $(patsubst %.c,$(T)/obj/%.o,$1)
programs = $(patsubst $1/%.c,$(T)/$2/%,$(wildcard $1/*.c))
names = $(if $(wildcard cmd/$1/names),$(file <cmd/$1/names),$1)
main = $(BIN)/$(firstword $(call names,$1))
links = $(addprefix $(BIN)/,$(wordlist 2,99,$(call names,$1)))

TOOLS := $(sort $(foreach f,$(wildcard cmd/*/*.c),$(word 2,$(subst /, ,$f))))
MAINS := $(foreach t,$(TOOLS),$(call main,$t))
LINKS := $(foreach t,$(TOOLS),$(call links,$t))
UNITS := $(call programs,tests/unit,unit)
FUZZERS := $(call programs,tests/fuzz,fuzz)
BENCHES := $(call programs,bench,bench)
ARCHIVES := $(foreach l,$(LIBS),$(T)/lib$l.a)
SOURCES := $(wildcard lib/*/*.c cmd/*/*.c tests/unit/*.c tests/fuzz/*.c bench/*.c)
MANUALS := $(wildcard cmd/*/*.1 doc/*.5)
MINI = $(BIN)/mini.pill

all: $(MAINS) $(LINKS) $(MINI)
units: $(UNITS)
fuzzers: $(FUZZERS)
benches: $(BENCHES)

# -------- rules --------

Q = $(if $(VERBOSE),,@)
say = $(if $(VERBOSE),,@printf '%-5s %s\n' $1 $2)

compile = $(CC) $(OUR_CFLAGS) $(CPPFLAGS) $(CFLAGS)
link = $(compile) $(OUR_LDFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) \
	-Wl,--start-group $(ARCHIVES) -Wl,--end-group $(LDLIBS) $(EXTERNAL)

# Written only when they change: a new flag compiles all again, a file that
# came or went links again.
define keep
@mkdir -p $(@D)
@printf '%s\n' '$1' | cmp -s - $@ || printf '%s\n' '$1' >$@
endef
$(T)/flags: FORCE
	$(call keep,$(compile))
$(T)/sources: FORCE
	$(call keep,$(SOURCES))

$(T)/obj/%.o: %.c $(T)/flags
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(compile) -MMD -MP -c -o $@ $<

define library
$(T)/lib$1.a: $(call objects,$(wildcard lib/$1/*.c)) $(T)/sources
	$$(call say,AR,$$@)
	@rm -f $$@
	$(Q)$(AR) rcs $$@ $$(filter %.o,$$^)
endef
$(foreach l,$(LIBS),$(eval $(call library,$l)))

define tool
$(call main,$1): $(call objects,$(wildcard cmd/$1/*.c)) $(ARCHIVES) $(T)/sources
	$$(call say,LINK,$$@)
	@mkdir -p $$(@D)
	$(Q)$$(link)
$(if $(call links,$1),$(call links,$1): $(call main,$1)
	$(Q)ln -sf $$(<F) $$@)
endef
$(foreach t,$(TOOLS),$(eval $(call tool,$t)))

$(UNITS): $(T)/unit/%: $(T)/obj/tests/unit/%.o
$(FUZZERS): $(T)/fuzz/%: $(T)/obj/tests/fuzz/%.o
$(FUZZERS): OUR_LDFLAGS += -fsanitize=fuzzer
$(BENCHES): $(T)/bench/%: $(T)/obj/bench/%.o
$(UNITS) $(FUZZERS) $(BENCHES): $(ARCHIVES) $(T)/sources
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(link)

$(MINI): kernel/mini.nock kernel/assemble.awk $(BIN)/jam
	$(call say,NOCK,$@)
	$(Q)awk -f kernel/assemble.awk kernel/mini.nock >$(T)/mini.noun
	$(Q)$(BIN)/jam <$(T)/mini.noun >$@

-include $(patsubst %.o,%.d,$(call objects,$(SOURCES)))

# -------- tests --------

lanes = +@O='$(O)' FUZZ_S='$(FUZZ_S)' MAKE='$(MAKE)' \
	NOCKUTILS_DATA='$(NOCKUTILS_DATA)' tests/run

test:
	@tools/deps --need build test $(if $(CI),check fuzz)
	$(lanes) $(LANES)
asan starve:
	@tools/deps --need build test
	$(lanes) $@
fuzz:
	@tools/deps --need build fuzz
	$(lanes) fuzz
check:
	@tools/deps --need check
	$(lanes) check
format:
	@tools/format

# A ship under load, and processes that die, for SOAK_S seconds each.
SOAK_S = 300
soak:
	@tools/deps --need build test
	+@$(MAKE) --no-print-directory all
	BIN='$(BIN)' tests/urbit-soak $(SOAK_S)
	BIN='$(BIN)' URBIT_FAULT_S=$(SOAK_S) bats tests/urbit-fault.bats

bench:
	@tools/deps --need build
	+@$(MAKE) --no-print-directory all benches
	@BIN='$(BIN)' NOCKUTILS_DATA='$(NOCKUTILS_DATA)' bench/run $(T)/bench

# -------- the rest --------

deps:
	@tools/deps

# A fake ship of our own small kernel, or of PILL=FILE: a prompt to type at,
# the same ship each time.  With no terminal it comes up, and ends.
run:
	@tools/deps --need build
	+@$(MAKE) --no-print-directory all
	+@$(MAKE) --no-print-directory run-ship
RUN = $(or $(PILL),$(MINI))
SHIP = $(T)/ships/$(basename $(notdir $(RUN)))
run-ship:
	@mkdir -p $(dir $(SHIP))
	@if [ -t 0 ] && [ -t 1 ]; then end=; else end='-t -x'; fi; \
	if [ -e $(SHIP)/.urb/log.db ]; then set -- $(SHIP); \
	else set -- -F zod -B $(RUN) -c $(SHIP); fi; \
	echo "$(BIN)/urbit $$end $$*"; exec $(BIN)/urbit $$end "$$@"

# A tool's further names read its own page, unless they have one.
pages = $(foreach t,$(TOOLS),$(foreach n,$(call names,$t),\
	$(if $(wildcard cmd/$t/$n.1),,$n.1:$(firstword $(call names,$t)).1)))
MAN = $(DESTDIR)$(PREFIX)/share/man
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(MAN)/man1 $(MAN)/man5
	$(if $(MAINS),install $(MAINS) $(DESTDIR)$(PREFIX)/bin)
	$(if $(LINKS),cp -P $(LINKS) $(DESTDIR)$(PREFIX)/bin)
	install -d $(DESTDIR)$(PREFIX)/share/nockutils
	install -m 644 $(MINI) $(DESTDIR)$(PREFIX)/share/nockutils
	$(foreach s,1 5,$(if $(filter %.$s,$(MANUALS)),install -m 644 \
		$(filter %.$s,$(MANUALS)) $(MAN)/man$s;))
	$(foreach p,$(pages),ln -sf $(lastword $(subst :, ,$p)) \
		$(MAN)/man1/$(firstword $(subst :, ,$p));)

clean:
	rm -rf $(addprefix $(O)/,release starve asan fuzz log bench.tsv)
	$(if $(filter build,$(O)),rm -rf bin build)

help:
	@echo 'all       every program, in bin/ (the default)'
	@echo 'deps      install the Debian packages that all of this needs'
	@echo 'run       a ship to type at, of our own kernel; PILL=FILE for one of yours'
	@echo 'test      every test; with CI set also check, starve, asan and fuzz'
	@echo 'starve    every test, collecting at every safepoint'
	@echo 'asan      every test, with address and undefined sanitizers'
	@echo 'fuzz      every fuzzer for FUZZ_S=60 seconds'
	@echo 'soak      a ship under load, and kills, SOAK_S=300 seconds each'
	@echo 'check     the rules of the house, and the linters'
	@echo 'format    clang-format every source in place'
	@echo 'bench     the table of speeds and sizes'
	@echo 'install   DESTDIR= PREFIX=/usr/local'
	@echo 'clean     remove what was built'
	@echo 'Settings: CC CFLAGS LDFLAGS O=build VARIANT=release NATIVE=1 WERROR=1'
	@echo '          VERBOSE=1 TEST_JOBS=N TEST_S=N NOCKUTILS_DATA=../shared'

FORCE:
.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all units fuzzers benches test asan starve fuzz soak check format \
	bench deps run run-ship install clean help FORCE
