'use client'
import { useTranslations } from 'use-intl'

const named = ['sandbox', 'stripe', 'portone', 'toss'] as const

type Props = { gateways: string[]; chosen: string; onChoose: (gateway: string) => void }

/** Where to pay; nothing is asked where there is one way only. */
export function GatewayChoice({ gateways, chosen, onChoose }: Props) {
  const t = useTranslations('checkout')
  if (gateways.length < 2) return null
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-2 text-sm font-semibold">{t('payWith')}</legend>
      {gateways.map((gateway) => {
        const known = named.find((each) => each === gateway)
        return (
          <label
            key={gateway}
            className="flex min-h-12 cursor-pointer items-center gap-3 rounded-xl border border-line px-4 has-checked:border-accent has-checked:bg-accent-soft"
          >
            <input
              type="radio"
              name="gateway"
              value={gateway}
              checked={gateway === chosen}
              onChange={() => onChoose(gateway)}
              className="size-4 accent-accent"
            />
            <span className="font-medium">{known ? t(`gateways.${known}`) : gateway}</span>
          </label>
        )
      })}
    </fieldset>
  )
}
