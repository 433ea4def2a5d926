import { Laptop, Smartphone, Tablet } from 'lucide-react'
import { deviceKind } from '@/lib/devices'

const icons = { phone: Smartphone, tablet: Tablet, computer: Laptop }

export function DeviceIcon({ os }: { os: string }) {
  const Icon = icons[deviceKind(os)]
  return (
    <span className="grid size-11 shrink-0 place-items-center rounded-full bg-raised text-ink">
      <Icon className="size-5" aria-hidden />
    </span>
  )
}
