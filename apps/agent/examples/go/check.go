// Asks about one person at a payout. Prints the advice: no-record, review, verify-identity or unavailable.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"
)

type question struct {
	Identifiers map[string]string `json:"identifiers"`
	Purpose     string            `json:"purpose"`
}

type answer struct {
	Advice  string `json:"advice"`
	Matches []struct {
		Match  string `json:"match"`
		Reason string `json:"reason"`
	} `json:"matches"`
}

func check(agent, email string) (answer, error) {
	var told answer
	body, err := json.Marshal(question{map[string]string{"email": email}, "monetisation"})
	if err != nil {
		return told, err
	}
	client := http.Client{Timeout: 30 * time.Second}
	request, err := http.NewRequest("POST", agent+"/check", bytes.NewReader(body))
	if err != nil {
		return told, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+os.Getenv("RECOURSE_TOKEN"))
	response, err := client.Do(request)
	if err != nil {
		return told, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return told, fmt.Errorf("the agent answered %s", response.Status)
	}
	return told, json.NewDecoder(response.Body).Decode(&told)
}

func main() {
	agent := os.Getenv("RECOURSE_AGENT")
	if agent == "" {
		agent = "http://127.0.0.1:4810"
	}
	told, err := check(agent, os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	// A match is a reason for a person to look, never the sole basis of a decision.
	for _, match := range told.Matches {
		log.Println(match.Reason, match.Match)
	}
	fmt.Println(told.Advice)
}
