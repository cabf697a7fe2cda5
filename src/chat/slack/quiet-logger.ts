import { type Logger, LogLevel } from '@slack/web-api'

/** For Slack's libraries, which would write addresses and payloads: what there is to say, we say ourselves. */
export const quietLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  setName() {},
  getLevel: () => LogLevel.ERROR,
}
