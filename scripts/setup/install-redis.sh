#!/bin/sh
# Installs redis-server (or valkey-server) on Debian and Ubuntu, as root, as a program and not as a service:
# Livraison starts servers of its own, and port 6379 is not ours to take.
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

for package in redis-server valkey-server; do
  if $apt install --yes --no-install-recommends "$package"; then
    # Nor at the next boot.
    if command -v systemctl >/dev/null; then systemctl disable "$package" >/dev/null 2>&1 || true; fi
    exit 0
  fi
done
exit 1
