// What each of these processes is told: where to listen, what secret webhooks are signed with, which Redis.
export const port = Number(process.env.PORT ?? 0)
export const secret = process.env.GITHUB_WEBHOOK_SECRET ?? ''
export const redisUrl = process.env.REDIS_URL ?? 'redis://127.0.0.1:6379'
export const path = '/event_handler'
