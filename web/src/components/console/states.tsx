'use client'
import { useTranslations } from 'use-intl'
import { Badge, type Tone } from '@/components/ui/badge'
import type { components } from '@/lib/api/schema'

type Schemas = components['schemas']

const orderTones: Record<Schemas['OrderState'], Tone> = {
  pending: 'plain',
  paid: 'good',
  partially_refunded: 'warn',
  refunded: 'plain',
  disputed: 'bad',
  charged_back: 'bad',
  failed: 'bad',
  expired: 'plain',
  cancelled: 'plain',
  review: 'warn',
}
export function OrderBadge({ state }: { state: Schemas['OrderState'] }) {
  const t = useTranslations('console')
  return <Badge tone={orderTones[state]}>{t(`orderState.${state}`)}</Badge>
}

const webhookTones: Record<Schemas['WebhookState'], Tone> = {
  received: 'plain',
  processing: 'plain',
  processed: 'good',
  ignored: 'plain',
  failed: 'warn',
  dead: 'bad',
}
export function WebhookBadge({ state }: { state: Schemas['WebhookState'] }) {
  const t = useTranslations('console')
  return <Badge tone={webhookTones[state]}>{t(`webhookState.${state}`)}</Badge>
}

const assetTones: Record<Schemas['AssetState'], Tone> = {
  uploading: 'plain',
  queued: 'plain',
  processing: 'accent',
  stalled: 'bad',
  ready: 'good',
  failed: 'bad',
  cancelled: 'plain',
}
export function AssetBadge({ state }: { state: Schemas['AssetState'] }) {
  const t = useTranslations('console')
  return <Badge tone={assetTones[state]}>{t(`assetState.${state}`)}</Badge>
}
