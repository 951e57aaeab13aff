# What ./run, ./test and the other scripts need of the machine: found, or installed. Sourced, from the repository's root.
# Nothing here asks a question; what cannot be mended ends the script with one sentence.

configuration=Release
bin_folder=release
tools_folder=$PWD/.lekhika/tools
stamps_folder=$PWD/artifacts/stamps
mkdir -p "$stamps_folder"

say() { printf '%s\n' "$*" >&2; }
give_up() { say "$*"; exit 1; }

# Debian packages unpacked by an earlier start without root.
[ -d "$tools_folder/usr" ] && export LEKHIKA_TOOLS=$tools_folder

need_dotnet() {
    command -v dotnet >/dev/null ||
        give_up "The .NET SDK 10 is missing: install it (https://dotnet.microsoft.com/download/dotnet/10.0), then start again."
    dotnet --version >/dev/null 2>&1 ||
        give_up "The .NET SDK 10 is missing (found: $(dotnet --list-sdks | cut -d' ' -f1 | paste -sd' ')): install it (https://dotnet.microsoft.com/download/dotnet/10.0), then start again."
}

has_file() { [ -n "$(compgen -G "$1")$(compgen -G "${LEKHIKA_TOOLS:-/nowhere}$1")" ]; }
has_redis() { has_file /usr/bin/redis-server || has_file /usr/local/bin/redis-server; }
has_postgres() { has_file '/usr/lib/postgresql/*/bin/postgres'; }

need_servers() {
    local missing=()
    has_redis || missing+=(redis-server)
    has_postgres || missing+=(postgresql)
    need_packages "${missing[@]}"
    has_redis && has_postgres ||
        give_up "The packages ${missing[*]} were installed, but their programs were not found. Please install PostgreSQL and Redis by hand, then start again."
}

# The programs that are not ours with which tests check books.
need_checkers() {
    local missing=()
    command -v qpdf >/dev/null || missing+=(qpdf)
    command -v pdftotext >/dev/null || missing+=(poppler-utils)
    # A Java without a screen first, so that epubcheck does not bring one with.
    command -v java >/dev/null || missing+=(default-jre-headless)
    [ -e /usr/share/java/epubcheck.jar ] || missing+=(epubcheck)
    [ ${#missing[@]} = 0 ] && return
    [ "$(id -u)" = 0 ] ||
        give_up "The tests check books with ${missing[*]}, which this account may not install: have somebody run \"apt-get install ${missing[*]}\", then start again."
    need_packages "${missing[@]}"
}

# need_packages NAME…: Debian packages that are missing; none: nothing to do.
need_packages() {
    [ $# = 0 ] && return
    command -v apt-get >/dev/null ||
        give_up "This machine lacks $* and has no apt-get to install them with: please install PostgreSQL (15 or later) and Redis (7 or later), then start again."
    if [ "$(id -u)" = 0 ]; then install_as_root "$@"; else unpack_beside "$@"; fi
}

install_as_root() {
    say "Installing $* …"
    local log=$stamps_folder/apt.log
    # The package lists may be missing or too old; they are fetched once, and only when they are needed.
    apt_install "$@" >"$log" 2>&1 || { apt-get update </dev/null && apt_install "$@"; } >>"$log" 2>&1 ||
        { tail -n 5 "$log" >&2; give_up "The packages $* could not be installed (is there a network?). Run \"apt-get install $*\" by hand, then start again."; }
}

apt_install() { DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" </dev/null; }

# Without root: apt works out what is missing, with lists of its own; dpkg unpacks it into a folder of the project's.
unpack_beside() {
    say "Unpacking $* into .lekhika/tools (this account may not install packages) …"
    local state=$tools_folder/apt log=$stamps_folder/apt.log
    mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$state/debs"
    unpack "$state" "$@" >"$log" 2>&1 ||
        { tail -n 5 "$log" >&2; give_up "The packages $* could not be fetched (is there a network?). Have somebody run \"apt-get install $*\", then start again."; }
    rm -rf "$state"
    export LEKHIKA_TOOLS=$tools_folder
}

unpack() {
    local state=$1 packages
    shift
    local apt=(apt-get -qq -o "Dir::State::Lists=$state/lists" -o "Dir::Cache=$state/cache" -o Debug::NoLocking=1)
    # Hooks that clean the machine's own cache fail here; whether the lists came is seen in the next step.
    "${apt[@]}" update </dev/null || true
    packages=$("${apt[@]}" --simulate --no-install-recommends install "$@" </dev/null | sed -n 's/^Inst \([^ ]*\) .*/\1/p') &&
        [ -n "$packages" ] &&
        (cd "$state/debs" && "${apt[@]}" download $packages </dev/null) &&
        for deb in "$state"/debs/*.deb; do dpkg -x "$deb" "$tools_folder" || return 1; done
}

# The typesetter of PDFs and the decoder of pictures run in Node.
need_node_packages() {
    need_packages_of Lekhika.Exporter/Pdf/typesetter npm "the typesetter's packages"
    need_packages_of Lekhika.Exporter/Images/decoder npm-decoder "the packages of the decoder of pictures"
}

# The server that speaks S3 with which tests store files.
need_test_node_packages() { need_packages_of tests/Lekhika.Testing/Storage/server npm-s3 "the packages of the tests' S3 server"; }

# need_packages_of FOLDER STAMP WHAT: npm packages, installed again only when the lock file or Node changed.
need_packages_of() {
    local folder=$1 stamp=$stamps_folder/$2 log=$stamps_folder/$2.log
    command -v node >/dev/null && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] ||
        give_up "Node.js 20 or later is missing: install it (Debian: apt-get install nodejs npm), then start again."
    local mark
    mark="$(cksum <"$folder/package-lock.json") node $(node -p process.versions.modules)"
    [ -d "$folder/node_modules" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$mark" ] && return
    command -v npm >/dev/null || give_up "npm is missing: install it (Debian: apt-get install npm), then start again."
    say "Installing $3 …"
    (cd "$folder" && npm ci --no-audit --no-fund) >"$log" 2>&1 </dev/null ||
        { grep -v "^npm error$" "$log" | head -n 8 >&2; give_up "npm could not install the packages of $folder (is there a network?). All of its messages: $log"; }
    printf '%s' "$mark" >"$stamp"
}

# build PROJECT NAME: builds, unless nothing has changed since the last good build.
build() {
    local project=$1 stamp=$stamps_folder/built-$2
    exec 9>"$stamps_folder/lock"
    flock 9
    if ! { [ -e "$stamp" ] && [ -z "$(newer_sources "$stamp")" ]; }; then
        need_dotnet
        say "Building …"
        # Marked with the time at which the build began: what is saved meanwhile is built the next time.
        touch "$stamp.new"
        local log=$stamps_folder/build.log
        dotnet build "$project" --configuration $configuration --nologo --verbosity quiet </dev/null >"$log" 2>&1 ||
            { grep -E ' error |: error' "$log" | sort -u | head -n 20 >&2; give_up "The build failed. All of its messages: $log"; }
        mv "$stamp.new" "$stamp"
    fi
    exec 9>&-
}

newer_sources() {
    find . -mindepth 1 \( -name artifacts -o -name node_modules -o -name .git -o -name .lekhika -o -name docs \) -prune \
        -o \( -type d -o -type f ! -path './README.md' \) -newer "$1" -print -quit
}
