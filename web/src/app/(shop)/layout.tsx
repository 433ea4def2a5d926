import { Words } from '@/i18n/words'
import { Queries } from '@/lib/api/query'

export default function ShopLayout({ children }: { children: React.ReactNode }) {
  return (
    <Words of={['checkout']}>
      <Queries>{children}</Queries>
    </Words>
  )
}
