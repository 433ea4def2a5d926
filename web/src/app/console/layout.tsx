import { ConsoleNavigation } from '@/components/console/navigation'
import { OperatorsOnly } from '@/components/console/operators-only'
import { MembersOnly } from '@/components/shell/members-only'
import { Toasts } from '@/components/ui/toast'
import { Words } from '@/i18n/words'
import { Queries } from '@/lib/api/query'

export default function ConsoleLayout({ children }: { children: React.ReactNode }) {
  return (
    <Words of={['console']}>
      <MembersOnly>
        <Queries>
          <Toasts>
            <div className="mx-auto max-w-6xl px-5 py-8">
              <OperatorsOnly>
                <ConsoleNavigation />
                {children}
              </OperatorsOnly>
            </div>
          </Toasts>
        </Queries>
      </MembersOnly>
    </Words>
  )
}
