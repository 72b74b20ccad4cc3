# Sourced by the scripts that install a program from a crate.

# Two clones may install at once: one waits for the other.
one_at_a_time() {
    mkdir -p "$TOOLS"
    has flock || return 0
    exec 9>"$TOOLS/.lock"
    flock -n 9 || { say "Waiting for another installation to end" && flock 9; }
}

# install_crate FOLDER PROGRAM "HOW LONG" CRATE VERSION [OPTIONS…]: a prebuilt program where cargo-binstall has one, else
# compiled. The folder appears only when it is complete.
install_crate() {
    local folder=$1 program=$2 duration=$3 crate=$4 version=$5
    shift 5
    [ -x "$folder/bin/$program" ] && return
    local partial=$folder.partial
    if cargo binstall -V >/dev/null 2>&1; then
        say "Installing $crate $version with cargo-binstall"
        cargo binstall "$crate@$version" --root "$partial" --no-confirm --disable-strategies compile ||
            say "No prebuilt $crate could be had"
    fi
    if [ ! -x "$partial/bin/$program" ]; then
        say "Compiling $crate $version, once for all clones ($duration on two cores)"
        # Beside the clone, so that neither its target folder nor its profiles play a part.
        (cd "$TOOLS" && CARGO_PROFILE_DEV_DEBUG=false CARGO_PROFILE_DEV_STRIP=symbols CARGO_INCREMENTAL=0 \
            CARGO_TARGET_DIR="$TOOLS/$crate.target" cargo install "$crate" --version "=$version" --root "$partial" "$@")
        rm -rf "$TOOLS/$crate.target"
    fi
    rm -rf "$folder"
    mv "$partial" "$folder"
}
