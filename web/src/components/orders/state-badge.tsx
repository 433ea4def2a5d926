'use client'
import { useTranslations } from 'use-intl'
import { Badge, type Tone } from '@/components/ui/badge'
import { meaningOf, type OrderState } from '@/lib/checkout/order-state'

const tones: Record<(typeof meaningOf)[OrderState], Tone> = { waiting: 'warn', good: 'good', bad: 'bad', over: 'plain' }

export function StateBadge({ state }: { state: OrderState }) {
  const t = useTranslations('checkout.states')
  return <Badge tone={tones[meaningOf[state]]}>{t(`${state}.name`)}</Badge>
}
