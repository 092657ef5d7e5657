// The examples beside the coach's rules are for those who write them. The page carries the rules alone.

export function rules() {
  return {
    name: 'rules',
    apply: 'build',
    enforce: 'pre',
    transform(code, id) {
      if (!/\/src\/coach\/rules\/\w+\.json$/.test(id)) return
      return {
        code: JSON.stringify(
          JSON.parse(code, (key, value) => (key === 'marks' || key === 'spares' ? undefined : value)),
        ),
        map: null,
      }
    },
  }
}
