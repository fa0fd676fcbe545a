/** The words of the page at `/docs` that do not come from the descriptions of the endpoints. */
export const strings = {
  page: {
    language: 'en',
    title: 'API · Gatehouse',
    heading: 'API',
    lead:
      'Every endpoint of this server, with what it takes and what it answers. The same for programs:',
    contents: 'Endpoints',
    footer: 'This page was made from the schemas that the server itself uses.',
  },
  headers: 'Headers',
  takes: 'Request',
  noBody: 'No body.',
  gives: 'Answers',
  example: 'Example',
  tryIt: 'With curl',
  field: 'Field',
  type: 'Type',
  meaning: 'Meaning',
  optional: 'optional',
  or: 'or',
  nothing: 'null',
  file: 'file',
  oneOf: 'one of',
  listOf: 'list of',
  mapOf: 'by name',
  otherwise: 'default',
};
