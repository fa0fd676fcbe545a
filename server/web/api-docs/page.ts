/** The page at `/docs`: the OpenAPI document for people, without a script. */
import { html, raw } from 'hono/html';
import type { MediaTypeObject, OpenApiDocument, OperationObject, Schema } from './document.ts';
import { alternatives, fieldsOf, typeOf } from './fields.ts';
import { strings } from './strings.ts';

type Html = ReturnType<typeof html>;
type Schemas = OpenApiDocument['components']['schemas'];

/** Where the examples send to: the address of an installation that was not configured. */
const ORIGIN = 'http://127.0.0.1:8080';

interface Placed {
  readonly method: string;
  readonly path: string;
  readonly operation: OperationObject;
}

/** The page: `source` is its frame, with places for the list of endpoints and for the groups of them. */
export function apiPage(source: string, { paths, tags, components }: OpenApiDocument): string {
  const placed = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation }))
  );
  const groups = tags.map((tag) => ({
    ...tag,
    members: placed.filter(({ operation }) => operation.tags.includes(tag.name)),
  }));
  const list = groups.map(({ name, members }) =>
    html`
      <p>${name}</p>
      <ul>${members.map(entry)}</ul>
    `
  );
  const sections = groups.map(({ name, description, members }) =>
    html`<section><h2>${name}</h2><p>${marked(description)}</p>${
      members.map((member) => section(member, components.schemas))
    }</section>`
  );
  return source.replace('{{list}}', () => list.join('')).replace(
    '{{groups}}',
    () => sections.join('\n'),
  );
}

function entry({ method, path, operation: { operationId, summary } }: Placed): Html {
  return html`<li><span class="method">${method.toUpperCase()}</span> <a href="#${operationId}">${path}</a> <span class="hint">${summary}</span></li>`;
}

function section({ method, path, operation }: Placed, schemas: Schemas): Html {
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation;
  const bodies = Object.entries(requestBody?.content ?? {});
  return html`<article class="card" id="${operationId}" aria-labelledby="${operationId}-name">
<h3 id="${operationId}-name"><span class="method">${method.toUpperCase()}</span> <code>${path}</code></h3>
<p class="summary">${summary}</p>
<p>${marked(description)}</p>
<h4>${strings.takes}</h4>
${
    bodies.length === 0
      ? html`<p>${strings.noBody}</p>`
      : bodies.map((body) => content(body, schemas))
  }
${
    parameters.length === 0
      ? ''
      : html`<p class="media">${strings.headers}</p>${
        table(parameters.map(({ name, description }) => ({
          name,
          type: 'string',
          optional: true,
          description,
        })))
      }`
  }
${disclosure(strings.tryIt, curl(method, path, bodies, schemas))}
<h4>${strings.gives}</h4>
${
    Object.entries(responses).map(([status, { description, content: contents }]) =>
      html`<details${status === '200' ? raw(' open') : ''}><summary>${status}</summary>${
        description.split('\n\n').map((paragraph) => html`<p>${marked(paragraph)}</p>`)
      }${Object.entries(contents).map((body) => content(body, schemas))}</details>`
    )
  }
</article>`;
}

function content([mediaType, { schema, example }]: [string, MediaTypeObject], schemas: Schemas) {
  return html`<p class="media"><code>${mediaType}</code></p>${
    alternatives(schema, schemas).map((alternative, _, { length }) => {
      const fields = fieldsOf(alternative.schema, schemas);
      const { name, schema: { description } } = alternative;
      return html`${
        length > 1 && name !== undefined ? html`<p class="alternative">${name}</p>` : ''
      }${
        fields.length > 0
          ? table(fields)
          : html`<p>${typeOf(alternative.schema, schemas)}${
            description ? `: ${description}` : ''
          }</p>`
      }`;
    })
  }${
    example === undefined ? '' : disclosure(
      strings.example,
      typeof example === 'string' ? example : JSON.stringify(example, null, 2),
    )
  }`;
}

function table(fields: ReturnType<typeof fieldsOf>): Html {
  return html`
    <table>
      <thead>
        <tr>
          <th scope="col">${strings.field}</th>
          <th scope="col">${strings.type}</th>
          <th scope="col">${strings.meaning}</th>
        </tr>
      </thead>
      <tbody>${fields.map(({ name, type, optional, description }) =>
        html`
          <tr>
            <th scope="row"><code>${name}</code>${optional
              ? html`
                <span class="hint">${strings.optional}</span>
              `
              : ''}</th>
            <td>${type}</td>
            <td>${marked(description)}</td>
          </tr>
        `
      )}</tbody>
    </table>
  `;
}

/** A text to copy, folded away. */
function disclosure(name: string, text: string): Html {
  return html`
    <details>
      <summary>${name}</summary>
      <pre tabindex="0"><code>${text}</code></pre>
    </details>
  `;
}

/** A call that can be pasted; files and pictures are the reader's. */
function curl(
  method: string,
  path: string,
  bodies: [string, MediaTypeObject][],
  schemas: Schemas,
): string {
  const call = method === 'get' ? 'curl -s' : 'curl -s -X POST';
  const [first] = bodies;
  if (first === undefined) return `${call} ${ORIGIN}${path}`;
  const [mediaType, { schema }] = first;
  if (mediaType === 'application/json') {
    return `curl -s ${ORIGIN}${path} \\\n  -H 'Content-Type: application/json' -d @request.json`;
  }
  const [{ schema: form }] = alternatives(schema, schemas);
  const parts = Object.entries(form.properties as Record<string, Schema>)
    .map(([name, field]) => `  -F ${name}=${sample(name, field)}`);
  return [`curl -s ${ORIGIN}${path}`, ...parts].join(' \\\n');
}

function sample(name: string, { format, enum: values, default: otherwise }: Schema): string {
  if (format === 'binary') return `@${name}.bin`;
  return Array.isArray(values) ? String(otherwise ?? values[0]) : `'<${name}.base64'`;
}

/** `code` between back quotes. */
function marked(text: string): Html[] {
  return text.split('`').map((part, i) => i % 2 === 1 ? html`<code>${part}</code>` : html`${part}`);
}
