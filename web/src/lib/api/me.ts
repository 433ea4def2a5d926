'use client'
import { useQuery } from '@tanstack/react-query'
import { api } from './client'
import { answer } from './problem'
import type { components } from './schema'

export const meKey = ['me'] as const

export type Me = components['schemas']['UserView']

/** The account that is signed in; `known` is what the server has read of it. */
export const useMe = (known?: Me) =>
  useQuery({ queryKey: meKey, queryFn: () => answer(api.GET('/api/v1/me')), initialData: known })
