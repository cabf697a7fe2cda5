import { isoSeconds, nodeId, presentUser } from '../present/common.ts'
import type { World } from '../world.ts'
import type { Installation, RegisteredApp } from './state.ts'

export function presentRegisteredApp(world: World, app: RegisteredApp) {
  return {
    id: app.id,
    slug: app.slug,
    client_id: app.clientId,
    node_id: nodeId('App', app.id),
    owner: presentUser(world, app.owner),
    name: app.name,
    description: null,
    external_url: app.url,
    html_url: `${world.url}/apps/${app.slug}`,
    created_at: isoSeconds(app.at),
    updated_at: isoSeconds(app.at),
    permissions: app.permissions,
    events: app.events,
    installations_count: [...world.apps.installations.values()].filter((each) => each.app === app).length,
  }
}

export function presentInstallation(world: World, installation: Installation) {
  const { id, app, account, selected, permissions, suspendedAt, suspendedBy, at } = installation
  const isOrganization = account.type === 'Organization'
  return {
    id,
    account: presentUser(world, account),
    repository_selection: selected === undefined ? 'all' : 'selected',
    access_tokens_url: `${world.apiUrl}/app/installations/${id}/access_tokens`,
    repositories_url: `${world.apiUrl}/installation/repositories`,
    html_url: isOrganization
      ? `${world.url}/organizations/${account.login}/settings/installations/${id}`
      : `${world.url}/settings/installations/${id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: isOrganization ? 'Organization' : 'User',
    permissions,
    events: app.events,
    created_at: isoSeconds(at),
    updated_at: isoSeconds(at),
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: suspendedBy && presentUser(world, suspendedBy),
    suspended_at: isoSeconds(suspendedAt),
  }
}
