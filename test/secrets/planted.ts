import type { Canaries } from '../fixtures/canaries.ts'

/** Everything that the processes are given, with a secret wherever one can be. */
export interface Planted {
  settings: Record<string, string>
  config: string
  redisPassword: string
  token: string
  adminToken: string
  webhookSecret: string
}

export interface Places {
  /** What is told, asked and called, and answers as it likes. */
  server: string
  /** Where nothing listens. */
  deadPort: number
  collector: string
}

/** Plants them. What is in livraison.yml is there by name and, for some of it, in clear. */
export function plantAll({ plant }: Canaries, { server, deadPort, collector }: Places): Planted {
  const [webhookSecret, adminToken, token] = [
    plant('webhook-secret'),
    plant('admin-token'),
    plant('github-token'),
  ]
  const ofConfig = {
    DEPLOY_KEY: plant('deploy-key'),
    CHECK_KEY: plant('check-key'),
    REQUEST_KEY: plant('request-key'),
    REQUEST_BEARER: plant('request-bearer'),
    VERIFY_KEY: plant('verify-key'),
    SLACK_WEBHOOK_PATH: plant('slack-webhook'),
    SLACK_CHANNEL_TOKEN: plant('slack-channel-token', 'xoxb-'),
    DISCORD_PATH: plant('discord-webhook'),
    TEAMS_SIG: plant('teams-signature'),
    SMTP_PASSWORD: plant('smtp-password'),
    NOTICE_SECRET: plant('notice-secret'),
    HUBOT_NOTICE_SECRET: plant('hubot-notice-secret'),
  }
  const settings = {
    ...ofConfig,
    GITHUB_WEBHOOK_SECRET: `${plant('older-webhook-secret')},${webhookSecret}`,
    ADMIN_TOKEN: adminToken,
    HUBOT_SECRET: plant('hubot-secret'),
    GITHUB_OAUTH_CLIENT_ID: 'the-client',
    GITHUB_OAUTH_CLIENT_SECRET: plant('oauth-secret'),
    SLACK_SIGNING_SECRET: plant('slack-signing-secret'),
    SLACK_APP_TOKEN: plant('slack-app-token', 'xapp-'),
    SLACK_BOT_TOKEN: plant('slack-bot-token', 'xoxb-'),
    SLACK_API_URL: `http://127.0.0.1:${deadPort}/api`,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector,
    OTEL_EXPORTER_OTLP_HEADERS: `x-key=${plant('collector-key')}`,
    LOG_LEVEL: 'trace',
  }
  const inClear = plant('discord-in-clear')
  const config = `
notify:
  - slack: "${server}/slack/\${SLACK_WEBHOOK_PATH}"
  - slack: { token: "\${SLACK_CHANNEL_TOKEN}", channel: C0123456789, api_url: "http://127.0.0.1:${deadPort}/api" }
  - discord: "${server}/refused/\${DISCORD_PATH}"
  - discord: "http://127.0.0.1:${deadPort}/discord/${inClear}"
  - teams: "${server}/refused?sig=\${TEAMS_SIG}"
  - webhook: { url: "${server}/told", secret: "\${NOTICE_SECRET}", allow_private: true }
  - hubot: { url: "http://127.0.0.1:${deadPort}", secret: "\${HUBOT_NOTICE_SECRET}", room: ops }
  - email: { server: "smtp://deployer:\${SMTP_PASSWORD}@127.0.0.1:${deadPort}", from: a@example.com, to: b@example.com }
repositories:
  acme/shop:
    checks:
      - context: livraison/test
        run: echo "checked with $CHECK_KEY"; sleep 0.3
        env: { CHECK_KEY: "\${CHECK_KEY}" }
    environments:
      production:
        run: env | sort; echo "deployed with $DEPLOY_KEY"; printf '%s' "$DEPLOY_KEY" | cut -c1-10; sleep 0.3
        env: { DEPLOY_KEY: "\${DEPLOY_KEY}" }
      broken:
        after: production
        run: echo "it broke with $DEPLOY_KEY" >&2; exit 3
        env: { DEPLOY_KEY: "\${DEPLOY_KEY}" }
      asked:
        after: production
        request:
          url: "${server}/echo?key=\${REQUEST_KEY}"
          headers: { Authorization: "Bearer \${REQUEST_BEARER}" }
          allow_private: true
      unreachable:
        after: production
        request: { url: "http://127.0.0.1:${deadPort}/?key=\${REQUEST_KEY}", allow_private: true }
        timeout: 5s
      verified:
        after: production
        simulate: 0s
        verify: { url: "${server}/echo?key=\${VERIFY_KEY}", within: 1s }
`
  return { settings, config, redisPassword: plant('redis-password'), token, adminToken, webhookSecret }
}
