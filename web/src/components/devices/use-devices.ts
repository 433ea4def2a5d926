'use client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '@/lib/api/client'
import { answer } from '@/lib/api/problem'
import type { Device } from '@/lib/auth/device-limit'

type Listed = { items: Device[]; next_cursor?: string | null }
const key = ['devices'] as const

/** The account's devices, and what can be done to them: shown at once, and taken back where it was refused. */
export function useDevices() {
  const queries = useQueryClient()
  const list = useQuery({ queryKey: key, queryFn: () => answer(api.GET('/api/v1/me/sessions')) })

  async function show(change: (devices: Device[]) => Device[]) {
    await queries.cancelQueries({ queryKey: key })
    queries.setQueryData<Listed>(key, (shown) => shown && { ...shown, items: change(shown.items) })
  }
  // What others did meanwhile stays: the API is asked, nothing is put back from memory.
  const settle = { onSettled: () => queries.invalidateQueries({ queryKey: key }) }

  const end = useMutation({
    mutationFn: ({ id }: Device) =>
      answer(api.DELETE('/api/v1/me/sessions/{session_id}', { params: { path: { session_id: id } } })),
    onMutate: ({ id }) => show((devices) => devices.filter((device) => device.id !== id)),
    ...settle,
  })
  const endOthers = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/me/sessions', { params: { query: { keep_current: true } } })),
    onMutate: () => show((devices) => devices.filter((device) => device.current)),
    ...settle,
  })
  const rename = useMutation({
    mutationFn: ({ device, label }: { device: Device; label: string }) =>
      answer(
        api.PATCH('/api/v1/me/sessions/{session_id}', {
          params: { path: { session_id: device.id } },
          body: { label },
        }),
      ),
    onMutate: ({ device: { id }, label }) =>
      show((devices) => devices.map((device) => (device.id === id ? { ...device, label } : device))),
    ...settle,
  })
  return { list, end, endOthers, rename }
}
