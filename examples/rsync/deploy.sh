#!/bin/sh
# deploy.sh FOLDER
# Puts a folder of this checkout on a server, as releases/SHA, and lets the link `current` point to it. The site changes
# in one step, or not at all. To do the same again is harmless.
#
#   SHA              the commit; livraison sets it
#   SSH_TARGET       user@host
#   SSH_PORT         default: 22
#   SSH_KNOWN_HOSTS  the server's host key, as ssh-keyscan prints it
#   SSH_KEY          the private key
#   SITE_ROOT        where releases/ and current are on the server
#   KEEP_RELEASES    default: 5
set -eu
folder=${1:?Which folder?}
: "${SHA:?}" "${SSH_TARGET:?}" "${SSH_KNOWN_HOSTS:?}" "${SSH_KEY:?}" "${SITE_ROOT:?}"
port=${SSH_PORT:-22}
keep=${KEEP_RELEASES:-5}
here=$(dirname "$0")

fail() {
  echo "$1" >&2
  exit 1
}

# They become part of commands on the server.
case $SITE_ROOT in *[!A-Za-z0-9._/-]*) fail "SITE_ROOT may hold letters, digits and ._/- only." ;; /*) ;; *) fail "SITE_ROOT must begin with a slash." ;; esac
case $keep in '' | *[!0-9]* | 0) fail "KEEP_RELEASES must be a number from 1." ;; esac
# An empty site is hardly ever meant.
[ -n "$(ls -A "$folder" 2>/dev/null)" ] || fail "There is nothing in $folder/: has it been built?"

# HOME is this run's own and goes with it. ssh wants the key readable for nobody else.
(
  umask 077
  printf '%s\n' "$SSH_KEY" >"$HOME/key"
  printf '%s\n' "$SSH_KNOWN_HOSTS" >"$HOME/known_hosts"
)
unset SSH_KEY

on_server() {
  ssh -F "$here/ssh_config" -p "$port" "$SSH_TARGET" "$@"
}

releases=$SITE_ROOT/releases
found=$(on_server "mkdir -p $releases && cd $SITE_ROOT &&
  if [ -d releases/$SHA ]; then echo this; elif [ -d current ]; then echo another; fi")
if [ "$found" = this ]; then
  echo "The server has $SHA already."
else
  # What is as in the current release is linked to it instead of sent.
  if [ "$found" = another ]; then set -- --link-dest="$SITE_ROOT/current/"; else set --; fi
  rsync --recursive --links --perms --chmod=D755,F644 --checksum --delete --info=stats1 "$@" \
    --rsh="ssh -F $here/ssh_config -p $port" "$folder/" "$SSH_TARGET:$releases/incoming/"
  # Only a complete one gets its name.
  on_server "mv $releases/incoming $releases/$SHA"
fi

# A link cannot be changed in one step, but another can be moved over it.
on_server sh -eu -s "$SITE_ROOT" "$SHA" "$keep" <<'END'
cd "$1"
ln -sfn "releases/$2" current.new
mv -T current.new current
touch "releases/$2"
cd releases
ls -1t | grep -E '^[0-9a-f]{40,64}$' | tail -n "+$(($3 + 1))" | xargs -r rm -rf --
END
echo "$SSH_TARGET:$SITE_ROOT/current is $SHA now."
