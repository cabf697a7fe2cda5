#!/bin/sh
# install-packages.sh PACKAGE[,ALTERNATIVE...] ...
# Installs packages on Debian and Ubuntu, as root, as programs and not as services: Livraison and its tests start
# servers of their own, and ports such as 6379 and 22 are not ours to take. All of them in one go; if that fails, one
# by one, so that one that cannot be had does not keep the others away. Ends with status 1 if one is missing then.
set -e
export DEBIAN_FRONTEND=noninteractive
apt="apt-get -qq -o DPkg::Lock::Timeout=120"

# A source that cannot be reached need not be the one that is wanted.
$apt update || true

# Debian starts services on installation unless this file forbids it.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 1' INT TERM
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi

install() {
  $apt install --yes --no-install-recommends "$@"
}

# The first of "redis-server,valkey-server" that this system knows.
choose() {
  for name in $(printf '%s' "$1" | tr , ' '); do
    if apt-cache show "$name" >/dev/null 2>&1; then
      echo "$name"
      return
    fi
  done
  echo "None of these packages is known here: $1" >&2
}

packages=
missing=0
for wanted in "$@"; do
  package=$(choose "$wanted")
  if [ -n "$package" ]; then packages="$packages $package"; else missing=1; fi
done
# shellcheck disable=SC2086 # names of packages, which hold no spaces
if [ -n "$packages" ] && ! install $packages; then
  for package in $packages; do install "$package" || missing=1; done
fi

# Nor are they started at the next boot.
if command -v systemctl >/dev/null; then
  for package in $packages; do
    case $package in
    redis-server | valkey-server) systemctl disable "$package" >/dev/null 2>&1 || true ;;
    openssh-server) systemctl disable ssh.service ssh.socket >/dev/null 2>&1 || true ;;
    esac
  done
fi
exit "$missing"
