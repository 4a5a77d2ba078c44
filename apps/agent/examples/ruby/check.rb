# Asks about one person at a payout. Prints the advice.
require 'json'
require 'net/http'

AGENT = URI(ENV.fetch('RECOURSE_AGENT', 'http://127.0.0.1:4810'))

def check(email)
  question = { identifiers: { email: email }, purpose: 'monetisation' }
  headers = { 'Content-Type' => 'application/json', 'Authorization' => "Bearer #{ENV['RECOURSE_TOKEN']}" }
  response = Net::HTTP.post(AGENT + '/check', question.to_json, headers)
  raise response.body unless response.is_a?(Net::HTTPOK)

  JSON.parse(response.body)
end

answer = check(ARGV.fetch(0))
# A match is a reason for a person to look, never the sole basis of a decision.
answer['matches'].each { |match| warn "#{match['reason'] || 'withheld'} #{match['match']}" }
puts answer['advice']
