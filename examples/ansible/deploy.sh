#!/usr/bin/env bash
# Deploys this checkout by the playbook beside this file.
#
#   SHA              the commit; livraison sets it
#   SSH_HOST         the server
#   SSH_USER         who signs in there
#   SSH_PORT         default: 22
#   SSH_KNOWN_HOSTS  the server's host key, as ssh-keyscan prints it
#   SSH_KEY          the private key
#   APP_ROOT         where releases/ and current are on the server
#   APP_RESTART      a command for the server, after the switch
#   APP_CHECK        a command that succeeds once the application is up
#   KEEP_RELEASES    default: 5
set -euo pipefail
: "${SHA:?}" "${SSH_HOST:?}" "${SSH_USER:?}" "${SSH_KNOWN_HOSTS:?}" "${SSH_KEY:?}" "${APP_ROOT:?}"
here=$(cd "$(dirname "$0")" && pwd)

# HOME is this run's own and goes with it. ssh wants the key readable for nobody else.
(
  umask 077
  printf '%s\n' "$SSH_KEY" >"$HOME/key"
  printf '%s\n' "$SSH_KNOWN_HOSTS" >"$HOME/known_hosts"
)
unset SSH_KEY

# Ansible wants UTF-8. It reads the configuration file only from where this says.
export LC_ALL=C.UTF-8 ANSIBLE_CONFIG="$here/ansible.cfg" ANSIBLE_NOCOLOR=1
# What is committed, and nothing else.
git archive --output "$TMPDIR/release.tar" "$SHA"

if ansible-playbook --inventory "$SSH_HOST," --user "$SSH_USER" \
  --ssh-common-args "-F $here/ssh_config -p ${SSH_PORT:-22}" "$here/deploy.yml" 2>&1 | tee "$TMPDIR/ansible.log"; then
  exit 0
fi
# Ansible ends with a count of its tasks. What went wrong is to be the last line: GitHub shows it.
sed -nE 's/^fatal: .*"msg": "(([^"\\]|\\.)*)".*/\1/p' "$TMPDIR/ansible.log" |
  sed -E 's/.* (via|over) ssh: //; s/(\\r|\\n)+/ /g; s/\\(.)/\1/g' | tail -n 1 >&2
exit 1
