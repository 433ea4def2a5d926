'use client'
import createClient from 'openapi-fetch'
import type { paths } from './schema'
import { fetchRenewing } from './session'

/** The API, for client components: `await answer(api.GET('/api/v1/me'))`. The browser adds cookies and its origin. */
export const api = createClient<paths>({ fetch: fetchRenewing })
