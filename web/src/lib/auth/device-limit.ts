import type { Problem } from '../api/problem'
import type { components } from '../api/schema'

export type Device = components['schemas']['SessionView']
export type DeviceLimit = { ticket: string; limit: number; sessions: Device[] }

/** What a refused sign-in offers where all places for devices are taken; null where it was refused for anything else. */
export function deviceLimitOf(problem: Problem): DeviceLimit | null {
  const { ticket, limit, sessions } = problem.extensions
  if (problem.code !== 'device_limit' || typeof ticket !== 'string' || !Array.isArray(sessions)) return null
  return { ticket, limit: Number(limit), sessions }
}
