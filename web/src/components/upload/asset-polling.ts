'use client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { api } from '@/lib/api/client'
import { Problem, problemOf } from '@/lib/api/problem'
import type { components } from '@/lib/api/schema'
import { nextLook } from '@/lib/studio/polling'

type Asset = components['schemas']['AssetView']
type Look = { asset: Asset; etag: string | null; unchangedLooks: number }

async function looked(assetId: string, before: Look | undefined): Promise<Look> {
  const { data, error, response } = await api
    .GET('/api/v1/media/assets/{asset_id}', {
      params: { path: { asset_id: assetId } },
      headers: before?.etag ? { 'If-None-Match': before.etag } : {},
    })
    .catch((cause: unknown) => {
      throw cause instanceof TypeError ? new Problem('network', 0, cause.message) : cause
    })
  if (response.status === 304 && before) return { ...before, unchangedLooks: before.unchangedLooks + 1 }
  if (!data) throw problemOf(response, error)
  return { asset: data, etag: response.headers.get('etag'), unchangedLooks: 0 }
}

export const assetKey = (assetId: string) => ['studio', 'asset', assetId]

/**
 * An asset as it stands, looked at again and again while it changes. `shown` is what the list of the course's media had
 * to say of it; the list is asked once more when the work has come to an end.
 */
export function useAsset(shown: Asset): Asset {
  const client = useQueryClient()
  const { data } = useQuery({
    queryKey: assetKey(shown.id),
    queryFn: () => looked(shown.id, client.getQueryData<Look>(assetKey(shown.id))),
    initialData: (): Look => ({ asset: shown, etag: null, unchangedLooks: 0 }),
    refetchInterval: ({ state }) => (state.data ? nextLook(state.data.asset.state, state.data.unchangedLooks) : false),
  })
  const asset = isLater(shown, data.asset) ? shown : data.asset
  const { state } = asset
  useEffect(() => {
    if (state !== 'ready' || shown.state === 'ready') return
    void client.invalidateQueries({ queryKey: ['studio', 'media'] })
    void client.invalidateQueries({ queryKey: ['studio', 'course'] })
  }, [client, state, shown.state])
  // A new upload of an asset that was at rest is seen in the list first.
  useEffect(() => {
    if (nextLook(shown.state, 0) !== false) void client.invalidateQueries({ queryKey: assetKey(shown.id) })
  }, [client, shown.id, shown.state])
  return asset
}

const isLater = (shown: Asset, known: Asset) => nextLook(known.state, 0) === false && nextLook(shown.state, 0) !== false
