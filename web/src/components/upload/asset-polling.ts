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
 * to say of it: whenever that changes, and at first, the asset is looked at; when its work is done, the list is.
 */
export function useAsset(shown: Asset): Asset {
  const client = useQueryClient()
  const { data } = useQuery({
    queryKey: assetKey(shown.id),
    queryFn: () => looked(shown.id, client.getQueryData<Look>(assetKey(shown.id))),
    initialData: (): Look => ({ asset: shown, etag: null, unchangedLooks: 0 }),
    refetchInterval: ({ state }) => (state.data ? nextLook(state.data.asset.state, state.data.unchangedLooks) : false),
  })
  useEffect(() => void client.invalidateQueries({ queryKey: assetKey(shown.id) }), [client, shown])
  const { asset } = data
  const isNews = asset.state === 'ready' && shown.state !== 'ready'
  useEffect(() => {
    if (!isNews) return
    void client.invalidateQueries({ queryKey: ['studio', 'media'] })
    void client.invalidateQueries({ queryKey: ['studio', 'course'] })
  }, [client, isNews])
  return asset
}
