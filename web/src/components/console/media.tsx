'use client'
import { useTranslations } from 'use-intl'
import { Notice } from '@/components/ui/notice'
import { api } from '@/lib/api/client'
import { usePages } from '@/lib/api/pages'
import { answer } from '@/lib/api/problem'
import type { components } from '@/lib/api/schema'
import { Action } from './action'
import { Filter, useChoice } from './filter'
import { List, Row } from './list'
import { AssetBadge } from './states'
import { When } from './when'

type Asset = components['schemas']['OpsAssetView']
type State = components['schemas']['AssetState']
const states: State[] = ['stalled', 'failed', 'queued', 'processing', 'uploading', 'ready', 'cancelled']

export function MediaRuns() {
  const t = useTranslations('console')
  const [state, choose] = useChoice('state', states)
  const pages = usePages(['console', 'media', state], (cursor) =>
    answer(api.GET('/api/v1/ops/media', { params: { query: { state, cursor } } })),
  )
  const online = pages.data?.pages[0]?.worker_online
  return (
    <>
      {online === false && (
        <Notice tone="bad" className="mb-4">
          {t('noMediaWorker')}
        </Notice>
      )}
      <Filter
        label={t('state')}
        options={states}
        nameOf={(each) => t(`assetState.${each}`)}
        chosen={state}
        onChoose={choose}
      />
      <List label={t('media')} pages={pages} empty={t('noAssets')} keyOf={(asset) => asset.id}>
        {(asset) => <AssetRow asset={asset} />}
      </List>
    </>
  )
}

function AssetRow({ asset }: { asset: Asset }) {
  const t = useTranslations('console')
  const path = { params: { path: { asset_id: asset.id } } }
  const underWay = ['queued', 'processing', 'stalled'].includes(asset.state)
  return (
    <Row
      title={asset.filename ?? asset.id}
      badge={<AssetBadge state={asset.state} />}
      facts={[
        asset.step && underWay && `${t(`step.${asset.step}`)}, ${asset.percent} %`,
        asset.attempt > 1 && t('attempts', { count: asset.attempt }),
        asset.error?.code,
        asset.waiting_for && t(`waitingFor.${asset.waiting_for}`),
        <When key="since" at={asset.since} />,
      ]}
    >
      {(asset.state === 'failed' || asset.state === 'stalled' || asset.state === 'cancelled') && (
        <Action
          name={t('retryRun')}
          done={t('runRetried')}
          act={() => answer(api.POST('/api/v1/media/assets/{asset_id}/retry', path))}
        />
      )}
      {underWay && (
        <Action
          name={t('cancelRun')}
          tone="danger"
          question={t('cancelRunQuestion')}
          done={t('runCancelled')}
          act={() => answer(api.POST('/api/v1/media/assets/{asset_id}/cancel', path))}
        />
      )}
    </Row>
  )
}
