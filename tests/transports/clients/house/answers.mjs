// What any of the clients made of an answer, in one form: the data, and the errors' messages and codes.
export function answered(data, errors) {
  const told = (errors ?? []).map(({ message, extensions }) => ({ message, code: extensions?.code }));
  return { data: data ?? null, errors: told };
}
