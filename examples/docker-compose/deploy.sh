#!/bin/sh
# Builds the image of this checkout and lets Docker Compose run it; if it does not become healthy, the one before runs
# again. To do the same again is harmless.
#
#   SHA           the commit; livraison sets it
#   PROJECT       the project's name, for Docker Compose
#   SERVICE       the service that the image is for
#   IMAGE         the image's name; its tag is the commit
#   LISTEN        where it is reached, such as 127.0.0.1:8080
#   WAIT_SECONDS  how long it may take to become healthy; default: 60
#   KEEP_IMAGES   default: 3
set -eu
: "${SHA:?}" "${PROJECT:?}" "${SERVICE:?}" "${IMAGE:?}" "${LISTEN:?}"
wait=${WAIT_SECONDS:-60}
keep=${KEEP_IMAGES:-3}
export TAG="$SHA"

compose() {
  docker compose --project-name "$PROJECT" --file "$(dirname "$0")/compose.yml" \
    --project-directory . --progress plain "$@"
}

container=$(compose ps --quiet "$SERVICE")
before=
if [ -n "$container" ]; then
  running=$(docker inspect --format '{{.Config.Image}}' "$container")
  before=${running##*:}
fi

# A build that fails changes nothing.
compose build

if ! compose up --detach --no-build --remove-orphans --wait --wait-timeout "$wait"; then
  compose logs --no-color --no-log-prefix --tail 20 "$SERVICE" >&2 || true
  if [ -z "$before" ] || [ "$before" = "$SHA" ]; then
    echo "$IMAGE:$SHA did not become healthy, and there is none to go back to." >&2
    exit 1
  fi
  TAG=$before compose up --detach --no-build --wait --wait-timeout "$wait" >&2
  echo "$(printf %.7s "$SHA") did not become healthy; $(printf %.7s "$before") runs again." >&2
  exit 1
fi

# The newest come first. One that runs cannot be removed.
docker image ls --format '{{.Tag}}' "$IMAGE" | grep -E '^[0-9a-f]{40,64}$' | tail -n "+$((keep + 1))" |
  while read -r old; do docker image rm "$IMAGE:$old" || true; done
echo "$IMAGE:$SHA runs."
