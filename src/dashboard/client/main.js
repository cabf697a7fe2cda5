import { keepLive } from './live.js'
import { keepLog } from './log.js'
import { keepTimes } from './times.js'

keepTimes()
keepLog()
keepLive()
