'use client'
import { useQuery } from '@tanstack/react-query'
import { api } from './client'
import { answer } from './problem'

export const meKey = ['me'] as const

/** The account that is signed in. */
export const useMe = () => useQuery({ queryKey: meKey, queryFn: () => answer(api.GET('/api/v1/me')) })
