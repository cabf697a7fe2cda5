import { Octokit as Core } from '@octokit/core'
import { paginateRest } from '@octokit/plugin-paginate-rest'
import { restEndpointMethods } from '@octokit/plugin-rest-endpoint-methods'

/** What `@octokit/rest` is made of, but for its log, which puts the address of each call together once more. */
export const Octokit = Core.plugin(restEndpointMethods, paginateRest)

export type Octokit = InstanceType<typeof Octokit>
