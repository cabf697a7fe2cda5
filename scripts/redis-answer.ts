import { connect } from 'node:net'

export type RedisAnswer = { ready: boolean; pid: number | undefined }

/** Asks whatever listens on a loopback port whether it is a Redis that is ready, and which process it is. */
export function askRedis(port: number, limitMs = 1000): Promise<RedisAnswer> {
  return new Promise((resolve) => {
    let text = ''
    const socket = connect({ port, host: '127.0.0.1' })
    const finish = (): void => {
      socket.destroy()
      resolve(readAnswer(text))
    }
    socket.setTimeout(limitMs, finish).setEncoding('utf8').on('error', finish).on('close', finish)
    socket.on('data', (chunk) => {
      text += chunk
      if (/process_id:\d+\r/.test(text) || text.includes('-NOAUTH')) finish()
    })
    socket.write('PING\r\nINFO server\r\n')
  })
}

function readAnswer(text: string): RedisAnswer {
  const pid = /process_id:(\d+)\r/.exec(text)?.[1]
  return { ready: text.startsWith('+PONG'), pid: pid === undefined ? undefined : Number(pid) }
}
