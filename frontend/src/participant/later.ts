// Parts of the seat that are not needed at once. They are fetched as soon as the phone has nothing
// better to do, so that they are there when the line is not.

export const menu = () => import('./Menu.svelte')
export const supportForm = () => import('./SupportForm.svelte')
export const over = () => import('./Over.svelte')

export function fetchLater() {
  setTimeout(() => {
    for (const part of [supportForm, menu, over]) {
      part().catch(() => {
        // It is fetched again when it is opened.
      })
    }
  }, 1_500)
}
