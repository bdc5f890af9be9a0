"""Floor: the SDK's own loop, ten lines. Arguments: base URL, tokens."""

import sys

from openai import OpenAI

client = OpenAI(base_url=sys.argv[1], api_key="none")
stream = client.chat.completions.create(
    model="llmhub-demo",
    messages=[{"role": "user", "content": "long"}],
    max_tokens=int(sys.argv[2]),
    stream=True,
)
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="", flush=True)
print("THE-END")
